import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.core import files
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import NewFile, note
from helpdesk.tickets.models import Article, StagedFile, Ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<script>alert(1)</script>"


def attached(world, content, name, content_type="text/html"):
    ticket = world.ticket()
    stored = [NewFile(files.store(content), name, content_type)]
    article = note(ticket.pk, by=world.by(world.alice), body=from_plain("файл"), attachments=stored)
    file = article.attachments.get()
    return f"/desk/tickets/{ticket.number}/files/{file.pk}/", ticket


@pytest.mark.parametrize(
    ("content", "name", "inline"),
    [(PNG, "снимок.png", True), (SVG, "a.svg", False), (HTML, "a.html", False), (b"", "пусто.txt", False),
     (PNG, "../CON", True), (HTML, "x" * 300 + ".png", False)],
)  # fmt: skip
def test_files_never_run_here(world, as_, content, name, inline):
    path, _ = attached(world, content, name)
    client = as_(world.alice)
    answer = client.get(f"{path}x?inline=1")
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "text/html" not in answer.headers["Content-Type"] and "svg" not in answer.headers["Content-Type"]
    assert "private" in answer.headers["Cache-Control"]
    assert client.get(f"{path}x").headers["Content-Disposition"].startswith("attachment")


def test_links_on_the_page_lead_to_the_file(world, as_):
    path, ticket = attached(world, b"x", "Счёт № 1 / октябрь.pdf")
    page = as_(world.alice).get(f"/desk/tickets/{ticket.number}/").content.decode()
    start = page.index(path)
    link = page[start : page.index('"', start)]
    answer = as_(world.alice).get(link)
    assert answer.status_code == 200 and "filename*=utf-8''" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("wrong", ["0", "abc", "999999999999999999999", "-1"])
def test_no_such_file(world, as_, wrong):
    ticket = world.ticket()
    assert as_(world.alice).get(f"/desk/tickets/{ticket.number}/files/{wrong}/x").status_code == 404


def test_a_file_answers_only_under_its_own_request(world, as_):
    path, _ = attached(world, b"x", "a.txt")
    other = world.ticket()
    file_id = path.split("/")[-2]
    assert as_(world.alice).get(f"/desk/tickets/{other.number}/files/{file_id}/a.txt").status_code == 404


def test_upload_keeps_a_file_of_ones_own(world, as_):
    client = as_(world.alice)
    answer = client.post("/desk/uploads/?form_key=k1", {"file": SimpleUploadedFile("а.txt", b"12")})
    kept = StagedFile.objects.get()
    assert answer.json() == {"id": str(kept.pk), "name": "а.txt", "size": 2}
    assert as_(world.anna).post(f"/desk/uploads/{kept.pk}/drop/", {"form_key": "k1"}).status_code == 404
    assert as_(world.alice).post(f"/desk/uploads/{kept.pk}/drop/", {"form_key": "k1"}).status_code == 200
    assert not StagedFile.objects.exists()


def test_upload_over_the_limit_says_so(world, as_, settings):
    settings.MAX_FILE_MB = 1
    answer = as_(world.alice).post(
        "/desk/uploads/?form_key=k1", {"file": SimpleUploadedFile("большой.bin", b"1" * (1024 * 1024 + 1))}
    )
    assert answer.status_code == 422 and "большой.bin" in answer.json()["message"]


def test_upload_without_a_file_or_key(world, as_):
    client = as_(world.alice)
    assert client.post("/desk/uploads/?form_key=k1").status_code == 404
    assert client.post("/desk/uploads/", {"file": SimpleUploadedFile("a", b"1")}).status_code == 404


def test_files_of_a_form_are_listed_to_their_owner_alone(world, as_):
    as_(world.alice).post("/desk/uploads/?form_key=k1", {"file": SimpleUploadedFile("а.txt", b"12")})
    kept = StagedFile.objects.get()
    row = {"id": kept.pk, "name": "а.txt", "size": 2, "field": ""}
    listed = {"files": [row], "sent": False, "draft": None}
    assert as_(world.alice).post("/desk/uploads/?form_key=k1", {"list": "1"}).json() == listed
    assert as_(world.anna).post("/desk/uploads/?form_key=k1", {"list": "1"}).json() == {
        "files": [],
        "sent": False,
        "draft": None,
    }
    assert as_(world.anna).post("/desk/uploads/", {"list": "1"}).status_code == 404


SCRIPT = {"headers": {"HX-Request": "true"}}


@pytest.mark.parametrize("kind", ["answer", "note"])
def test_an_answer_whose_acceptance_got_lost_is_known_again(world, as_, kind):
    ticket, client = world.ticket(), as_(world.alice)
    client.post("/desk/uploads/?form_key=k2", {"file": SimpleUploadedFile("акт.txt", b"12")})
    form = {"kind": kind, "body": "С файлом", "form_key": "k2", "staged": str(StagedFile.objects.get().pk)}
    first, second = (client.post(f"/desk/tickets/{ticket.number}/", form, **SCRIPT) for _ in range(2))
    article = Article.objects.get(text="С файлом")
    assert first.status_code == second.status_code == 204
    where = f"/desk/tickets/{ticket.number}/#a{article.seq}"
    assert first.headers["HX-Redirect"] == second.headers["HX-Redirect"] == where
    assert article.attachments.get().filename == "акт.txt"


def test_a_new_request_whose_acceptance_got_lost_is_known_again(world, as_):
    client = as_(world.alice)
    client.post("/desk/uploads/?form_key=k3", {"file": SimpleUploadedFile("акт.txt", b"12")})
    form = {"client": str(world.carol.pk), "company": str(world.zarya.pk), "queue": str(world.errors.pk),
            "subject": "Звонок", "body": "Звонит", "priority": "3", "channel": "phone", "form_key": "k3",
            "staged": str(StagedFile.objects.get().pk)}  # fmt: skip
    first, second = (client.post("/desk/new/", form, **SCRIPT) for _ in range(2))
    ticket = Ticket.objects.get()
    assert first.status_code == second.status_code == 204
    assert first.headers["HX-Redirect"] == second.headers["HX-Redirect"] == f"/desk/tickets/{ticket.number}/"
