"""What a refused form owes whoever filled it: the sentence in their language, the mark at the field, all that was typed."""

import re

from lxml import html

CYRILLIC = re.compile("[А-Яа-яЁё]")


def tree_of(answer):
    return html.fromstring(answer.content.decode(), parser=html.HTMLParser(huge_tree=True))  # five megabytes come back


def controls(tree, name):
    return [e for e in tree.xpath("//input|//select|//textarea") if e.get("name") == name and e.get("type") != "hidden"]


def value_of(tree, name):
    """What stands in a control of the page, as a browser would post it; None where it is not there."""
    found = [e for e in tree.xpath("//main//input|//main//select|//main//textarea") if e.get("name") == name]
    for element in found:
        if element.tag == "textarea":
            return element.text_content().removeprefix("\n")
        if element.tag == "select":
            chosen = element.xpath(".//option[@selected]") or element.xpath(".//option")[:1]
            return chosen[0].get("value") if chosen else None
        if element.get("type") not in {"radio", "checkbox"}:
            return element.get("value", "")
        if element.get("checked") is not None:
            return element.get("value")
    return None


def sentence_at(tree, field, control=""):
    """The sentence of a field: in the summary above, with a link to the control, and at the control itself."""
    marked = [e for e in controls(tree, control or field) if e.get("aria-invalid") == "true"]
    assert marked, f"{field} is not marked"
    described = " ".join(e.get("aria-describedby") or "" for e in marked).split()
    own = [tree.get_element_by_id(name).text_content().strip() for name in described if name.endswith("-error")]
    assert own and all(own), f"no sentence at {field}"
    links = tree.xpath("//*[contains(@class, 'error-summary')]//a")
    above = {a.get("href").removeprefix("#"): a.text_content().strip() for a in links}
    target = next((name for name in above if any(name == e.get("id") for e in marked)), None)
    assert target, f"no link to {field} among {above}"
    if target.startswith("field_"):  # named by its label there, as a queue may have many
        assert above[target].endswith(f": {own[0][0].lower()}{own[0][1:]}"), above[target]
    else:
        assert above[target] == own[0]
    return own[0]


def refused(answer, field, *, typed, language="ru", status=422, control="", but=()):
    """Check the whole of it; the sentence. `typed`: name → value, all kept but those of `but`."""
    assert answer.status_code == status, answer.content.decode()[:3000]
    tree = tree_of(answer)
    assert tree.get("lang") == language
    sentence = sentence_at(tree, field, control)
    quoted = re.sub(r"«[^»]*»|\S+\.\w{2,4}\b", "", sentence)  # names of files are people's own
    assert bool(CYRILLIC.search(quoted)) == (language == "ru"), sentence
    for name, value in typed.items():
        if name not in but:
            assert value_of(tree, name) == str(value), name
    return sentence
