from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpdesk.accounts.models import Membership
from helpdesk.core import clock
from helpdesk.core.actor import system
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.core.text import figures
from helpdesk.tickets import drafts, uploads
from helpdesk.tickets.actions import note, reply
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Draft, StagedFile, Submission
from tests.factories import ContactFactory, actor_of, open_request
from tests.factories.sizes import examples

HIGHEST_FIRST = drafts.FIRST  # before a test counts from 1

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_one(monkeypatch, request):
    """Versions are counted from 1 here, to be read; not where that none is taken for another is what is tested."""
    if request.node.name != "test_nothing_is_written_over_that_the_writer_had_not_seen":
        monkeypatch.setattr("helpdesk.tickets.drafts.FIRST", 1)


def written(body="Не сходится сальдо", *, key="form", kind="new", **more):
    """What stands in a form with a text."""
    fields = {name: more.pop(name) for name in ("files", "ticket_id", "version", "hand", "step") if name in more}
    return Written(Draft.Kind(kind), key, {"body": body, **more}, **fields)


def staged(person, *names, key="form"):
    chosen = [SimpleUploadedFile(name, name.encode()) for name in names]
    return [row.pk for row in uploads.keep(actor_of(person), key, chosen)[0]]


def send(person, queue, form):
    """Send a form as a page does."""
    with drafts.sending(actor_of(person), form):
        open_request(person, queue, text=form.values["body"], once=form.key, again=True)


def _bodies(person, **more):
    return sorted(Draft.objects.filter(person=person, **more).values_list("values__body", flat=True))


def _kept(by):
    return [line for line in drafts.of_person(by) if line.discarded_at is None]


def _gone(by):
    return [line for line in drafts.of_person(by) if line.discarded_at]


def texts(person):
    return _bodies(person, discarded_at=None)


def test_a_saving_is_a_row_with_all_that_stands_in_the_form(cast):
    ids = staged(cast.carol, "б.txt", "а.txt")
    saved = drafts.save(actor_of(cast.carol), written(subject="Сальдо", field_account="123", files=ids[::-1]))
    row = Draft.objects.get()
    assert (saved.key, saved.version, saved.id, saved.apart, saved.is_sent) == ("form", 1, row.pk, False, False)
    assert row.values == {"body": "Не сходится сальдо", "subject": "Сальдо", "field_account": "123"}
    assert (row.kind, row.subject, row.snippet, row.files) == ("new", "Сальдо", "Не сходится сальдо", ids[::-1])
    assert [line.subject for line in drafts.offered(actor_of(cast.carol), Draft.Kind.NEW)] == ["Сальдо"]


def test_a_text_with_markup_is_named_by_its_words(cast):
    drafts.save(actor_of(cast.carol), written("<div>Раз <b>два</b></div><div>три</div>", body_format="html"))
    assert Draft.objects.get().snippet == "Раз два три"


@pytest.mark.parametrize("values", [{"body": ""}, {"body": " \n"}, {"body": "<div><br></div>", "body_format": "html"},
                                    {"queue": "3", "priority": "4", "body": ""}, {"field_account": " ", "body": ""}])  # fmt: skip
def test_choices_alone_are_no_draft_and_what_is_taken_out_again_none_any_more(cast, values):
    by = actor_of(cast.carol)
    assert drafts.save(by, Written(Draft.Kind.NEW, "form", values)).version == 0
    drafts.save(by, written())
    assert Draft.objects.exists()
    assert drafts.save(by, Written(Draft.Kind.NEW, "form", values, version=1)).version == 0
    assert not Draft.objects.exists()


def test_each_saving_goes_on_from_the_one_before(cast):
    by = actor_of(cast.carol)
    assert drafts.save(by, written("раз")).version == 1
    assert drafts.save(by, written("два", version=1)).version == 2
    assert drafts.save(by, written("два", version=1)).version == 2  # the very same again, its answer was lost
    assert texts(cast.carol) == ["два"]


def test_a_saving_from_an_older_version_becomes_a_second_draft_with_files_of_its_own(cast):
    by = actor_of(cast.carol)
    ids = staged(cast.carol, "акт.txt")
    drafts.save(by, written("раз", files=ids, hand="a", step=1))
    drafts.save(by, written("с телефона", version=1, files=ids, hand="b", step=1))
    second = drafts.save(by, written("с компьютера", version=1, files=ids, hand="a", step=2))
    assert second.apart and second.key != "form" and second.version == 1
    assert texts(cast.carol) == ["с компьютера", "с телефона"]
    own = Draft.objects.get(form_key=second.key)
    assert own.files == [second.files[ids[0]]]
    assert [row.filename for row in uploads.staged(by, second.key)] == ["акт.txt"]
    assert drafts.save(by, written("дальше", key=second.key, version=1, hand="a", step=3)).version == 2
    assert texts(cast.carol) == ["дальше", "с телефона"]


def test_a_page_goes_on_although_an_answer_was_lost_and_an_older_saving_comes_too_late(cast):
    by = actor_of(cast.carol)
    drafts.save(by, written("раз", hand="a", step=1))
    assert drafts.save(by, written("три", hand="a", step=3)).version == 2  # it knows of no version yet
    assert drafts.save(by, written("два", hand="a", step=2)).version == 2
    assert texts(cast.carol) == ["три"]


def test_what_was_thrown_away_elsewhere_and_typed_on_here_is_kept(cast):
    by = actor_of(cast.carol)
    drafts.discard(by, drafts.save(by, written("раз")).id)
    assert drafts.save(by, written("два", version=1)).version == 2
    assert texts(cast.carol) == ["два"]


ACTS = ["save", "open", "discard", "send", "back"]


@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(ACTS)), max_size=25))
@example([("a", "save"), ("b", "open"), ("a", "save"), ("b", "send"), ("a", "save")])
@example([("a", "save"), ("b", "open"), ("b", "send"), ("a", "save"), ("b", "save")])
@example([("a", "save"), ("a", "discard"), ("b", "save"), ("a", "save")])
@example([("a", "save"), ("a", "discard"), ("a", "save"), ("a", "back"), ("a", "send"), ("b", "open"), ("b", "send")])
def test_nothing_is_written_over_that_the_writer_had_not_seen(_cast, acts):  # noqa: PT019  hypothesis wants no function's fixture
    """Three pages open, save, send, throw away and bring back the same person's drafts; a plain model says which texts
    there must be: what was sent leaves, and nothing else does."""
    cast = _cast()
    by = actor_of(cast.carol)
    Draft.objects.all().delete()
    Submission.objects.all().delete()
    pages = {hand: {"key": "form", "version": 0, "text": None, "step": 0} for hand in "abc"}
    there, sent = {}, {}  # key → text; of the sent ones, what they said
    thrown = {}  # id → text
    for n, (hand, act) in enumerate(acts):
        page = pages[hand]
        if act == "save":
            text, page["step"] = f"{n}", page["step"] + 1
            saved = drafts.save(
                by, written(text, hand=hand, key=page["key"], version=page["version"], step=page["step"])
            )
            seen = there.get(page["key"], page["text"]) == page["text"] and page["key"] not in sent
            assert saved.apart != seen
            if seen:
                there[page["key"]] = text
            else:
                assert saved.key not in sent and there.get(saved.key, page["text"]) == page["text"]
                there[saved.key] = text
            page |= {"key": saved.key, "version": saved.version, "text": text}
        elif act == "open" and there:
            row = Draft.objects.filter(discarded_at=None).order_by("-changed_at", "-pk").first()
            page |= {"key": row.form_key, "version": row.version, "text": row.values["body"]}
        elif act == "send" and page["text"] and page["key"] not in sent:
            form = written(page["text"], hand=hand, key=page["key"], version=page["version"], step=page["step"])
            send(cast.carol, cast.queue, form)
            sent[page["key"]] = page["text"]
            if there.get(page["key"], page["text"]) != page["text"]:  # another page's: it stands under another key now
                there[Draft.objects.get(values__body=there[page["key"]]).form_key] = there[page["key"]]
            there.pop(page["key"], None)
        elif act == "discard" and there:
            gone, key = drafts.discard(by, Draft.objects.filter(discarded_at=None).order_by("pk").first().pk)
            thrown[gone.pk] = there.pop(key)
        elif act == "back" and thrown:
            pk = max(thrown)
            there[drafts.bring_back(by, pk).form_key] = thrown.pop(pk)
        assert texts(cast.carol) == sorted(there.values())
        assert _bodies(cast.carol, discarded_at__isnull=False) == sorted(thrown.values())
    Draft.objects.all().delete()


def test_a_sent_form_leaves_nothing_behind_and_a_late_saving_neither(cast):
    by = actor_of(cast.carol)
    drafts.save(by, written(hand="a", step=1))
    send(cast.carol, cast.queue, written("Всё", hand="a", step=3))
    assert not Draft.objects.exists()
    late = drafts.save(by, written("Не сходится", version=1, hand="a", step=2))
    assert late.is_sent and not late.apart and not Draft.objects.exists()


@pytest.mark.parametrize("hand", ["", "phone"])
def test_what_another_device_went_on_with_stays_a_draft_when_an_older_version_is_sent(cast, hand):
    by, ids = actor_of(cast.carol), staged(cast.carol, "акт.txt")
    drafts.save(by, written("раз", files=ids, hand="desk", step=1))
    drafts.save(by, written("два", files=ids, hand="desk", step=2))
    send(cast.carol, cast.queue, written("раз", files=ids, hand=hand, version=1))
    left = Draft.objects.get()
    assert (left.form_key != "form", left.values["body"]) == (True, "два")
    assert [row.filename for row in uploads.staged(by, left.form_key)] == ["акт.txt"]
    assert left.files == [row.pk for row in uploads.staged(by, left.form_key)]
    on = drafts.save(by, written("три", files=ids, version=2, hand="desk", step=3))
    assert (on.key, on.is_sent, on.apart, on.id) == (left.form_key, True, True, left.pk)
    assert texts(cast.carol) == ["три"]


@pytest.mark.parametrize("kind", ["new", "reply"])
def test_other_words_of_a_form_that_another_device_sent_become_a_draft_and_the_same_words_none(cast, kind):
    by = actor_of(cast.carol)
    ticket = open_request(cast.carol, cast.queue)
    about = {"kind": kind, "ticket_id": ticket.pk if kind == "reply" else None}
    if kind == "new":
        about |= {"queue": str(cast.queue.pk), "subject": "Не сходится сальдо"}
        send(cast.carol, cast.queue, written("Отправлено", hand="phone", **about))
    else:
        form = written("Отправлено", hand="phone", **about)
        with drafts.sending(by, form):
            reply(ticket.pk, by=by, body=from_plain("Отправлено"), once="form")
    again = drafts.save(by, written("Отправлено", hand="desk", step=1, **about))
    assert again.is_sent and not again.apart and not Draft.objects.exists()
    other = drafts.save(by, written("Отправлено и дальше", hand="desk", step=2, **about))
    assert other.is_sent and other.apart and other.key != "form"
    assert texts(cast.carol) == ["Отправлено и дальше"]


def test_answers_and_notes_take_their_drafts_along_and_touch_no_other(cast):
    ticket = open_request(cast.carol, cast.queue)
    for person in (cast.carol, cast.alice):
        for kind in ("reply", "note"):
            drafts.save(actor_of(person), written(key=kind, kind=kind, ticket_id=ticket.pk))
    reply(ticket.pk, by=actor_of(cast.alice), body=from_plain("Готово"), once="reply")
    assert Draft.objects.filter(person=cast.carol).count() == 2
    assert [row.kind for row in Draft.objects.filter(person=cast.alice)] == ["note"]
    note(ticket.pk, by=actor_of(cast.alice), body=from_plain("Между нами"), once="note")
    assert not Draft.objects.filter(person=cast.alice).exists()


def test_a_refused_sending_keeps_the_draft(cast):
    by = actor_of(cast.carol)
    ticket = open_request(cast.carol, cast.queue)
    drafts.save(by, written(kind="reply", ticket_id=ticket.pk))
    reply(ticket.pk, by=actor_of(cast.alice), body=from_plain("Ответ"))
    with pytest.raises(Conflict), transaction.atomic():
        reply(ticket.pk, by=by, body=from_plain("Мой"), once="form", seen=1)
    assert texts(cast.carol) == ["Не сходится сальдо"]


def test_nobody_reads_or_throws_away_what_another_wrote(cast):
    saved = drafts.save(actor_of(cast.carol), written())
    for person in (cast.dora, cast.dave, cast.alice):
        by = actor_of(person)
        assert drafts.of_person(by) == [] and drafts.marks(by, "form") is None
        for act in (drafts.one, drafts.discard):
            with pytest.raises(NotFound), transaction.atomic():
                act(by, saved.id)
        drafts.save(by, written("чужое"))
    assert texts(cast.carol) == ["Не сходится сальдо"]


def test_a_request_is_named_only_where_it_is_visible(cast):
    ticket = open_request(cast.carol, cast.queue)
    by = actor_of(cast.carol)
    saved = drafts.save(by, written(kind="reply", ticket_id=ticket.pk))
    assert [line.number for line in drafts.of_person(by)] == [ticket.number]
    Membership.objects.filter(person=cast.carol).update(inactive_at=clock.now())
    by = actor_of(cast.carol)
    line = drafts.of_person(by)[0]
    assert (line.number, line.about, line.snippet) == ("", "", "Не сходится сальдо")
    assert drafts.one(by, saved.id)[1] == ""


@pytest.mark.parametrize("who", ["contact", "system"])
def test_strangers_keep_nothing(cast, who):
    with pytest.raises(NotAllowed):
        drafts.save(system() if who == "system" else actor_of(ContactFactory()), written())


def test_limits_of_size_number_and_speed(cast):
    by = actor_of(cast.carol)
    with pytest.raises(Invalid):
        drafts.save(by, written("я" * (drafts.LIMIT + 1)))
    with pytest.raises(Invalid):
        drafts.save(by, written(**{f"field_{n}": "x" for n in range(drafts.FIELDS + 1)}))
    for n in range(drafts.MOST):
        drafts.save(by, written(key=f"k{n}"))
    Draft.objects.update(saves=1)
    with pytest.raises(Invalid) as refused, transaction.atomic():
        drafts.save(by, written(key="one more"))
    assert refused.value.problems[0].code == "too_many_drafts"
    assert drafts.save(by, written("дальше", key="k0", version=1)).version == 2
    Draft.objects.filter(form_key="k1").update(saves=drafts.PER_MINUTE)
    with pytest.raises(NotAllowed, match="drafts_often"), transaction.atomic():
        drafts.save(by, written("быстро", key="k0", version=2))
    Draft.objects.update(minute=clock.now() - timedelta(minutes=2))
    assert drafts.save(by, written("быстро", key="k0", version=2)).version == 3


def test_unsent_files_hold_so_much_and_no_more(cast, settings):
    settings.MAX_FILE_MB = settings.MAX_POST_MB = 1
    ids = staged(cast.carol, "а.txt")
    StagedFile.objects.filter(pk__in=ids).update(size=uploads.ROOM * 1024 * 1024)
    kept, problems = uploads.keep(actor_of(cast.carol), "other", [SimpleUploadedFile("б.txt", b"x")])
    assert kept == [] and [problem.code for problem in problems] == ["no_space"]
    assert uploads.keep(actor_of(cast.dora), "other", [SimpleUploadedFile("б.txt", b"x")])[1] == []
    open_request(cast.carol, cast.queue, once="form")  # those files were sent: they hold no room
    assert uploads.keep(actor_of(cast.carol), "other", [SimpleUploadedFile("б.txt", b"x")])[1] == []


def test_files_of_a_draft_outlive_two_days_and_others_do_not(cast):
    by = actor_of(cast.carol)
    ids = staged(cast.carol, "в черновике.txt", "убран из списка.txt")
    staged(cast.carol, "без черновика.txt", key="other")
    drafts.save(by, written(files=ids[:1]))
    assert uploads.forget_unsent(clock.now() + timedelta(minutes=1)) == 2
    assert [row.filename for row in StagedFile.objects.all()] == ["в черновике.txt"]
    drafts.discard(by, Draft.objects.get().pk)
    assert uploads.forget_unsent(clock.now() + timedelta(minutes=1)) == 0  # it may be brought back
    assert drafts.forget_old(clock.now(), discarded=clock.now() + timedelta(minutes=1)) == 1
    assert uploads.forget_unsent(clock.now() + timedelta(minutes=1)) == 1


def test_a_draft_that_nobody_touches_is_cleared_away(cast):
    drafts.save(actor_of(cast.carol), written())
    long_ago, soon = clock.now() - timedelta(days=1), clock.now() + timedelta(seconds=1)
    assert drafts.forget_old(long_ago, discarded=soon) == 0
    assert drafts.forget_old(soon, discarded=long_ago) == 1


def test_what_was_thrown_away_is_kept_its_own_time_however_old_it_was(cast):
    by = actor_of(cast.carol)
    Draft.objects.filter(pk=drafts.save(by, written()).id).update(changed_at=clock.now() - timedelta(days=29))
    drafts.discard(by, Draft.objects.get().pk)
    soon = clock.now() + timedelta(days=6)
    assert drafts.forget_old(soon, discarded=clock.now() - timedelta(days=1)) == 0
    drafts.bring_back(by, Draft.objects.get().pk)
    assert drafts.forget_old(clock.now() - timedelta(minutes=1), discarded=soon) == 0


def test_what_was_thrown_away_comes_back_whole(cast):
    by, ids = actor_of(cast.carol), staged(cast.carol, "б.txt", "а.txt")
    saved = drafts.save(by, written(subject="Сальдо", field_account="123", files=ids[::-1], hand="a", step=1))
    gone, key = drafts.discard(by, saved.id)
    assert key == "form" != gone.form_key
    assert _kept(by) == drafts.offered(by, Draft.Kind.NEW) == []
    assert [line.subject for line in _gone(by)] == ["Сальдо"]
    assert drafts.discard(by, saved.id)[1] == ""  # pressed again, or on another device
    back = drafts.bring_back(by, saved.id)
    assert drafts.bring_back(by, saved.id).version == back.version
    assert back.values == {"body": "Не сходится сальдо", "subject": "Сальдо", "field_account": "123"}
    listed = uploads.in_order(uploads.staged(by, back.form_key), [str(pk) for pk in back.files])
    assert [row.filename for row in listed] == ["а.txt", "б.txt"]
    assert _gone(by) == [] and len(_kept(by)) == 1


def test_a_draft_thrown_away_while_it_is_written_elsewhere_is_no_part_of_what_is_typed_there(cast):
    by, ids = actor_of(cast.carol), staged(cast.carol, "акт.txt")
    saved = drafts.save(by, written("раз", files=ids, hand="desk", step=1))
    drafts.discard(by, saved.id)
    on = drafts.save(by, written("раз, два", files=ids, version=saved.version, hand="desk", step=2))
    assert (on.key, on.apart) == ("form", False) and on.id != saved.id
    assert [row.filename for row in uploads.staged(by, "form")] == ["акт.txt"]  # a copy, told to the page
    drafts.bring_back(by, saved.id)
    assert texts(cast.carol) == ["раз", "раз, два"]
    send(cast.carol, cast.queue, written("раз, два", version=on.version, hand="desk", step=2))
    assert texts(cast.carol) == ["раз"]
    assert len(uploads.staged(by, Draft.objects.get().form_key)) == 1


def test_what_the_sending_page_left_is_not_written_into_what_was_thrown_away(cast):
    by = actor_of(cast.carol)
    first = drafts.save(by, written("раз", hand="desk", step=1))
    drafts.save(by, written("два", version=first.version, hand="phone", step=1))
    send(cast.carol, cast.queue, written("раз", version=first.version, hand="tablet", step=1))
    gone = Draft.objects.get()
    drafts.discard(by, gone.pk)
    drafts.save(by, written("три", hand="phone", step=2))
    assert texts(cast.carol) == ["три"] and _bodies(cast.carol, discarded_at__isnull=False) == ["два"]


def test_nobody_throws_away_or_brings_back_what_is_another_ones(cast):
    saved = drafts.save(actor_of(cast.carol), written())
    with pytest.raises(NotFound), transaction.atomic():
        drafts.discard(actor_of(cast.dora), saved.id)
    drafts.discard(actor_of(cast.carol), saved.id)
    with pytest.raises(NotFound), transaction.atomic():
        drafts.bring_back(actor_of(cast.dora), saved.id)
    assert drafts.of_person(actor_of(cast.dora)) == []


def test_what_was_thrown_away_takes_no_place_and_is_not_too_much(cast, monkeypatch, settings):
    monkeypatch.setattr(drafts, "MOST", 2)
    settings.MAX_POST_MB, by = 1, actor_of(cast.carol)
    gone = [drafts.save(by, written(str(n), key=f"old{n}")).id for n in range(2)]
    for one in gone:
        drafts.discard(by, one)
    for n in range(2):
        drafts.save(by, written(f"new{n}", key=f"new{n}"))
    with pytest.raises(Invalid), transaction.atomic():
        drafts.bring_back(by, gone[0])
    assert len(_gone(by)) == 2  # nothing is lost by a refusal
    drafts.discard(by, Draft.objects.get(form_key="new0").pk)
    assert [line.snippet for line in _gone(by)] == ["new0", "1"]
    StagedFile.objects.filter(pk__in=staged(cast.carol, "а.txt", key=_gone(by)[0].key)).update(size=11 << 20)
    assert uploads.keep(by, "form", [SimpleUploadedFile("б.txt", b"x")])[1] == []  # it holds no room
    drafts.discard(by, Draft.objects.get(form_key="new1").pk)
    assert [line.snippet for line in _gone(by)] == ["new1"]


def test_a_fresh_copy_of_a_form_takes_its_draft_along(cast):
    by = actor_of(cast.carol)
    drafts.save(by, written())
    drafts.carry_over(by, "form", "copy")
    assert drafts.save(by, written("дальше", key="copy", version=1)).version == 2
    assert Draft.objects.count() == 1


def test_every_version_can_be_read_from_a_form():
    """One that is not is taken for another device's: the draft would stay after it was sent."""
    latest = HIGHEST_FIRST + drafts.PER_MINUTE * 60 * 24 * 365  # saved without a pause for a year
    assert figures.number(str(latest)) == latest


def _answer(person, ticket, body, key, **more):
    return written(body, key=key, kind="reply", ticket_id=ticket.pk, **more)


def _answered(person, ticket, form):
    with drafts.sending(actor_of(person), form):
        reply(ticket.pk, by=actor_of(person), body=from_plain(form.values["body"]), once=form.key, again=True)


def test_an_answer_takes_along_what_lies_of_it_under_older_keys_and_nothing_else(cast):
    """After a lost session a text went on under another key; once it was sent, its older copy was offered."""
    by, ticket = actor_of(cast.carol), open_request(cast.carol, cast.queue)
    other = open_request(cast.carol, cast.queue)
    drafts.save(by, _answer(cast.carol, ticket, "Строка один.", "before"))
    drafts.save(by, _answer(cast.carol, ticket, "Строка пять.", "beside"))
    drafts.save(by, _answer(cast.carol, other, "Строка один.", "other"))
    drafts.save(by, _answer(cast.carol, ticket, "Строка один.", "filed", files=staged(cast.carol, "а", key="filed")))
    drafts.save(actor_of(cast.dora), _answer(cast.dora, ticket, "Строка один.", "dora"))
    _answered(cast.carol, ticket, _answer(cast.carol, ticket, "Итак. Строка один. Строка два.", "after"))
    assert sorted(Draft.objects.values_list("form_key", flat=True)) == ["beside", "dora", "filed", "other"]


@pytest.mark.parametrize(
    ("older", "is_gone"),
    [("Строка один.", True), ("Строка один. Строка два.", True), ("один.", False), ("Строка один. Три.", False),
     ("Строка один. " + "И ещё. " * 60, True), ("Строка один. " + "И ещё. " * 60 + "Иначе", False)],
)  # fmt: skip
def test_a_draft_that_another_one_begins_with_is_no_second_one(cast, older, is_gone):
    by, ticket = actor_of(cast.carol), open_request(cast.carol, cast.queue)
    drafts.save(by, _answer(cast.carol, ticket, older, "before"))
    rest = "И ещё. " * 70 if "И ещё" in older else "Строка два."
    saved = drafts.save(by, _answer(cast.carol, ticket, f"Строка один. {rest}", "after"))
    assert list(saved.gone) == (["before"] if is_gone else [])
    assert Draft.objects.filter(form_key="before").exists() != is_gone
    assert Draft.objects.filter(form_key="after").exists()


def test_the_same_file_under_an_older_key_goes_along(cast):
    by, ticket = actor_of(cast.carol), open_request(cast.carol, cast.queue)
    drafts.save(by, _answer(cast.carol, ticket, "Вот.", "before", files=staged(cast.carol, "акт.txt", key="before")))
    mine = staged(cast.carol, "акт.txt", key="after")
    assert list(drafts.save(by, _answer(cast.carol, ticket, "Вот. Всё.", "after", files=mine)).gone) == ["before"]


def test_an_answer_that_holds_all_that_lies_under_its_key_goes_on_there(cast):
    """A page that had lost count of the versions made a second, longer copy of its own draft."""
    by, ticket = actor_of(cast.carol), open_request(cast.carol, cast.queue)
    drafts.save(by, _answer(cast.carol, ticket, "Строка один.", "form", hand="before", step=4))
    saved = drafts.save(by, _answer(cast.carol, ticket, "Строка один. Два.", "form", hand="after", step=1))
    assert (saved.key, saved.apart, saved.version) == ("form", False, 2)
    other = drafts.save(by, _answer(cast.carol, ticket, "Строка один. Три.", "form", version=1, hand="phone", step=1))
    assert other.apart and texts(cast.carol) == ["Строка один. Два.", "Строка один. Три."]
