import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.core import files
from helpdesk.core.actor import system
from helpdesk.core.errors import NotAllowed
from helpdesk.tickets import uploads
from helpdesk.tickets.words import problem_text
from tests.factories import ContactFactory, actor_of

pytestmark = pytest.mark.django_db


def chosen(name="акт.pdf", content=b"%PDF", kind="application/pdf"):
    return SimpleUploadedFile(name, content, kind)


def test_kept_files_wait_for_their_form(cast):
    by = actor_of(cast.carol)
    _, problems = uploads.keep(by, "form", [chosen(), chosen("пусто.txt", b"")])
    assert problems == []
    assert [row.filename for row in uploads.staged(by, "form")] == ["акт.pdf", "пусто.txt"]
    new = uploads.to_attach(by, "form", [str(row.pk) for row in uploads.staged(by, "form")])
    assert files.read(new[0].stored.sha256) == b"%PDF"
    assert new[1].stored.size == 0
    assert len(uploads.staged(by, "form")) == 2  # until they are collected: should the answer be lost, it comes again


def test_nobody_else_and_no_other_form_sees_them(cast):
    kept, _ = uploads.keep(actor_of(cast.carol), "form", [chosen()])
    assert uploads.staged(actor_of(cast.dora), "form") == []
    assert uploads.staged(actor_of(cast.carol), "other") == []
    assert uploads.drop(actor_of(cast.dora), "form", [kept[0].pk]) == 0
    assert uploads.drop(actor_of(cast.carol), "form", [kept[0].pk]) == 1


def test_a_file_over_the_limit_is_named_and_the_others_kept(cast, settings):
    settings.MAX_FILE_MB = 1
    kept, problems = uploads.keep(actor_of(cast.carol), "form", [chosen("big.bin", b"x" * 1_048_577), chosen()])
    assert [row.filename for row in kept] == ["акт.pdf"]
    assert [(p.field, p.code, p.details["name"]) for p in problems] == [("attachments", "file_too_big", "big.bin")]
    assert "big.bin" in problem_text(problems[0])


def test_two_hundred_files_are_a_hundred_and_a_hundred_problems(cast):
    kept, problems = uploads.keep(actor_of(cast.carol), "form", [chosen(content=b"x") for _ in range(200)])
    assert (len(kept), len(problems)) == (100, 100)
    assert {p.code for p in problems} == {"too_many"}
    assert len(uploads.to_attach(actor_of(cast.carol), "form", {str(row.pk) for row in kept})) == 100


@pytest.mark.parametrize("name", ["../../etc/passwd", "CON", "я" * 300 + ".pdf", "\u202egpj.exe", "a\x00b"])
def test_names_of_strangers_are_only_labels(cast, name):
    file = chosen()
    file._name = name
    kept, problems = uploads.keep(actor_of(cast.carol), "form", [file])
    assert problems == []
    assert 0 < len(kept[0].filename) <= 200
    assert not {"/", "\x00", "\u202e"} & set(kept[0].filename)


def test_contacts_and_the_desk_itself_upload_nothing(cast):
    for actor in (actor_of(ContactFactory()), system()):
        with pytest.raises(NotAllowed, match="upload"):
            uploads.keep(actor, "form", [chosen()])
