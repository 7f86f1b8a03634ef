"""What is told beside the form of a new request before anybody goes wrong."""

import re

import pytest

from helpdesk.core import clock
from helpdesk.tickets.models import Queue
from tests.portal.test_new import ADDRESS


@pytest.mark.parametrize("language", ["ru", "en"])
def test_how_much_may_go_along_is_told_before_with_script_and_without(world, as_, settings, language):
    settings.MAX_FILE_MB, settings.MAX_POST_MB = 7, 30
    world.carol.language = language
    world.carol.save()
    client, answer = as_(world.carol), f"/portal/tickets/{world.ticket().number}/"
    told = {
        "ru": ("До 7 МБ каждый", "вместе за один раз до 30 МБ", "во всём неотправленном до 300 МБ"),
        "en": ("Up to 7 MB each", "up to 30 MB together at once", "up to 300 MB in all that you have not sent yet"),
    }[language]
    for address in (ADDRESS, answer):
        page = client.get(address).content.decode().replace("\xa0", " ")
        each, at_once, room = (page.index(words) for words in told)
        assert each < at_once < room
        without_script = re.sub(r'<span class="js-only">.*?</span>', "", page, flags=re.DOTALL)
        with_script = re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.DOTALL)
        assert (told[1] in without_script, told[2] in without_script) == (True, False)
        assert (told[1] in with_script, told[2] in with_script) == (False, True)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_which_of_two_recipients_is_meant_is_told_by_their_names_while_both_are_offered(world, as_, language):
    world.carol.language = language
    world.carol.save()
    client = as_(world.carol)
    advice = world._queue("consultation", "Вопросы и советы", "Questions")

    def told(chosen=""):
        for address in (f"{ADDRESS}?queue={chosen}", f"{ADDRESS}fields/?queue={chosen}"):
            page = client.get(address).content.decode().replace("\xa0", " ")
            guide = page[page.index('id="guide"') :].partition("</aside>")[0]
            yield [
                name for name in ("Ошибка", "Вопросы и советы", "Error", "Questions", "Консультация") if name in guide
            ]

    both = ["Ошибка", "Вопросы и советы"] if language == "ru" else ["Error", "Questions"]
    assert list(told()) == list(told(advice.pk)) == [both, both]
    assert list(told(world.errors.pk)) == [[], []]
    for gone in (world.errors, advice):
        Queue.objects.filter(pk=gone.pk).update(inactive_at=clock.now())
        assert list(told()) == [[], []]
        Queue.objects.filter(pk=gone.pk).update(inactive_at=None)
    assert list(told()) == [both, both]
