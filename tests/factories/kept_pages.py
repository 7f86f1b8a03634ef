"""What tests of pages that are kept whole have in common: the page without what is of one opening, and changes."""

import re

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(r'name="form_key" value="([^"]+)"')


def read_page(client, address):
    """What is shown to somebody who has read it all already, without the token and the key of the forms."""
    for _ in range(2):
        answer = client.get(address)
        assert answer.status_code == 200
    page = answer.text
    for own in {*TOKEN.findall(page), *KEY.findall(page)}:
        page = page.replace(own, "")
    return page


def of(model, **to):
    """A change of the rows of a model, as an administrator or another process makes it."""
    return lambda world, ticket: model.objects.update(**to)
