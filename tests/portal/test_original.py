"""«Как в письме»: the page with the frame, the frame's own document and policy, its pictures."""

import email.message
import email.policy
import re

import pytest

from helpdesk.core import files
from helpdesk.core.actor import Actor
from helpdesk.core.text.sanitise import MAX_SIZE
from helpdesk.fronts import originals
from helpdesk.mail import ingest
from helpdesk.tickets.actions import remove
from helpdesk.tickets.models import Article, Ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HTML = (
    "<html><head><style>td{color:navy}</style></head><body bgcolor='#eee'><p>Добрый день!</p><table width=600><tr>"
    "<td>Счёт</td></tr></table><img src='cid:logo@x'>{more}<script>alert(1)</script></body></html>"
)


def letter(more="", *, sender="carol@example.com", html=HTML, picture=PNG):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, "support@example.com", "Счёт за октябрь"
    message["Message-ID"] = f"<{abs(hash((more, sender, html)))}@client.example>"
    message.set_content("Добрый день!\n")
    if html:
        message.add_alternative(html.replace("{more}", more), subtype="html")
        part = message.get_payload()[1]
        part.add_related(picture, maintype="image", subtype="png", cid="<logo@x>", filename="logo.png")
    return message.as_bytes()


@pytest.fixture
def come(world, own_files, settings):
    """Receive a letter: its article and the addresses of its page and frame."""
    settings.EMAIL_URL = ""
    world.inbox.address = "support@example.com"
    world.inbox.save()

    def received(*args, **more):
        outcome = ingest.receive(letter(*args, **more), mailbox="support@example.com")
        article = Article.objects.select_related("ticket").get(pk=outcome.article)
        page = f"/portal/tickets/{article.ticket.number}/letters/{article.pk}/"
        return article, page, f"{page}frame/"

    return received


def text(answer):
    return answer.content.decode()


def test_the_thread_leads_to_the_page_that_holds_the_frame(world, as_, come):
    article, page, frame = come()
    browser = as_(world.carol)
    assert f'href="{page}"' in text(browser.get(f"/portal/tickets/{article.ticket.number}/"))
    shown = text(browser.get(page))
    assert f'src="{frame}" sandbox="{originals.SANDBOX}"' in shown
    assert "allow-scripts" not in shown
    assert "allow-same-origin" not in shown
    assert shown.count("<h1") == 1
    assert f'href="/portal/tickets/{article.ticket.number}/#a{article.pk}"' in shown


def test_the_frame_holds_the_letters_own_look_under_a_policy_of_its_own(world, as_, come):
    answer = as_(world.carol).get(come()[2])
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'unsafe-inline'"
    assert policy["img-src"] == "http://testserver/letters/pictures/ data:"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["sandbox"] == originals.SANDBOX
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    assert "script-src" not in policy
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    for kept in ("td{color:navy}", 'bgcolor="#eee"', 'width="600"', "Счёт"):
        assert kept in text(answer)
    assert "alert(1)" not in text(answer)


def test_pictures_of_the_letter_come_by_signed_addresses_that_need_no_sign_in(world, as_, come, client):
    src = re.search(r'<img src="(/letters/pictures/[^"]+)"', text(as_(world.carol).get(come()[2])))[1]
    client.logout()
    answer = client.get(src)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Type"] == "image/png"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-2] + "/", lambda s: s.replace(":", "x"), lambda s: "/letters/pictures/1/"]
)
def test_an_address_of_a_picture_that_was_not_signed_is_absent(world, as_, come, client, spoil):
    src = re.search(r'"(/letters/pictures/[^"]+)"', text(as_(world.carol).get(come()[2])))[1]
    assert client.get(spoil(src)).status_code == 404


def test_an_address_of_a_picture_ends(world, as_, come, client, monkeypatch):
    src = re.search(r'"(/letters/pictures/[^"]+)"', text(as_(world.carol).get(come()[2])))[1]
    monkeypatch.setattr(originals, "_SECONDS", -1)
    assert client.get(src).status_code == 404


def test_a_picture_that_is_none_is_not_handed_out(world, as_, come, client):
    src = re.search(
        r'"(/letters/pictures/[^"]+)"', text(as_(world.carol).get(come(picture=b"<svg onload=alert(1)>")[2]))
    )
    assert client.get(src[1]).status_code == 404


def test_a_picture_of_a_request_that_was_put_away_is_gone(world, as_, come, client):
    article, _, frame = come()
    src = re.search(r'"(/letters/pictures/[^"]+)"', text(as_(world.carol).get(frame)))[1]
    remove(article.ticket_id, by=Actor(world.alice.pk), why="spam")
    assert client.get(src).status_code == 404


def test_pictures_from_elsewhere_come_only_when_asked_for(world, as_, come):
    _, page, frame = come("<img src='https://tracker.example/1.gif'>")
    browser = as_(world.carol)
    assert "tracker.example" not in text(browser.get(frame))
    assert "?pictures=1" in text(browser.get(page))
    asked = browser.get(f"{frame}?pictures=1")
    assert "https://tracker.example/1.gif" in text(asked)
    assert asked["Content-Security-Policy"].count("https: http:") == 1
    assert f'src="{frame}?pictures=1"' in text(browser.get(f"{page}?pictures=1"))


def test_a_letter_that_asks_for_nothing_elsewhere_offers_nothing(world, as_, come):
    assert "?pictures=1" not in text(as_(world.carol).get(come()[1]))


def test_a_letter_without_html_shows_its_text(world, as_, come):
    assert "<pre>Добрый день!" in text(as_(world.carol).get(come(html="")[2]))


@pytest.mark.parametrize(("who", "expected"), [("carol", 200), ("dora", 404), ("dave", 404)])
def test_only_who_sees_the_article_sees_its_letter(world, as_, come, who, expected):
    _, page, frame = come()
    browser = as_(getattr(world, who))
    assert (browser.get(page).status_code, browser.get(frame).status_code) == (expected, expected)


def test_a_letter_that_became_a_note_is_not_the_clients(world, as_, come):
    article, page, frame = come()
    Article.objects.filter(pk=article.pk).update(visible_to_client=False)
    browser = as_(world.carol)
    assert (browser.get(page).status_code, browser.get(frame).status_code) == (404, 404)
    browser = as_(world.alice)
    address = page.replace("/portal/", "/desk/")
    assert (browser.get(address).status_code, browser.get(f"{address}frame/").status_code) == (200, 200)


def test_the_desks_page_leads_to_the_letter_too(world, as_, come):
    article, page, _ = come()
    address = page.replace("/portal/", "/desk/")
    browser = as_(world.alice)
    assert f'href="{address}"' in text(browser.get(f"/desk/tickets/{article.ticket.number}/"))
    assert f'src="{address}frame/" sandbox=' in text(browser.get(address))


def test_an_article_of_another_request_or_without_a_letter_is_absent(world, as_, come):
    article, page, frame = come()
    other = world.ticket(world.carol)
    browser = as_(world.carol)
    for address in (page, frame):
        assert browser.get(address.replace(article.ticket.number, other.number)).status_code == 404
        without = address.replace(article.ticket.number, other.number).replace(
            f"/{article.pk}/", f"/{other.articles.first().pk}/"
        )
        assert browser.get(without).status_code == 404
    assert "/letters/" not in text(browser.get(f"/portal/tickets/{other.number}/"))


def test_a_letter_whose_octets_are_gone_is_absent(world, as_, come):
    from helpdesk.mail.models import RawLetter

    _, page, _ = come()
    files.path_of(RawLetter.objects.get().blob_id).unlink()
    assert as_(world.carol).get(page).status_code == 404


def test_a_letter_too_large_says_so(world, as_, come, monkeypatch):
    _, page, frame = come()
    monkeypatch.setattr(originals, "_LARGEST", 10)
    browser = as_(world.carol)
    shown = text(browser.get(page))
    assert "слишком велико" in shown
    assert "<iframe" not in shown
    assert browser.get(frame).status_code == 404


def test_markup_too_heavy_is_shown_as_text(world, as_, come):
    assert "<pre>" in text(as_(world.carol).get(come("<b>" * (MAX_SIZE // 30))[2]))


def test_both_pages_keep_within_the_budget(world, as_, come, django_assert_max_num_queries):
    _, page, frame = come()
    browser = as_(world.carol)
    for address in (page, frame):
        with django_assert_max_num_queries(12):
            browser.get(address)
    assert Ticket.objects.count() == 1
