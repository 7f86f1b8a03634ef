"""What a definition may be; no database but where it is saved."""

import pytest

from helpdesk.core.errors import Invalid
from helpdesk.tickets.actions.masters import put_field, put_queue, switch_field
from helpdesk.tickets.fields import definitions
from helpdesk.tickets.models import IntakeField

ABC = [["a", "А", "A"], ["b", "Б", "B"]]


def field(key, kind="text", **columns):
    return IntakeField(key=key, kind=kind, **columns)


def when(key, *values):
    return {"field": key, "in": list(values)}


TOPIC, BOX = field("topic", "choice", choices=ABC), field("box", "check")
FLAWS = [
    (field("x", shown_when={"field": "topic"}), "shown_when", "condition_format"),
    (field("x", shown_when={"field": "topic", "in": []}), "shown_when", "condition_format"),
    (field("x", shown_when={"field": "topic", "in": ["a"], "not": 1}), "shown_when", "condition_format"),
    (field("x", shown_when={"field": "topic", "in": [1]}), "shown_when", "condition_format"),
    (field("x", shown_when=["topic"]), "shown_when", "condition_format"),
    (field("x", shown_when=None), "shown_when", "condition_format"),
    (field("x", required_when=when("x", "a")), "required_when", "condition_self"),
    (field("x", required_when=when("gone", "a")), "required_when", "condition_field"),
    (field("x", required_when=when("line", "a")), "required_when", "condition_kind"),
    (field("x", required_when=when("topic", "a", "c")), "required_when", "condition_value"),
    (field("x", required_when=when("box", "да")), "required_when", "condition_value"),
    (field("x", "choice"), "choices", "required"),
    (field("x", choices=ABC), "choices", "not_asked"),
    (field("x", pattern="(a+)+", pattern_hint_ru="а", pattern_hint_en="a"), "pattern", "pattern_too_slow"),
    (field("x", pattern="(", pattern_hint_ru="а", pattern_hint_en="a"), "pattern", "pattern_syntax"),
    (field("x", pattern="a", pattern_hint_ru="а"), "pattern_hint_en", "required"),
    (field("x", pattern_hint_ru="а"), "pattern_hint_ru", "no_pattern"),
    (field("x", "number", pattern="1", pattern_hint_ru="а", pattern_hint_en="a"), "pattern", "for_kind"),
    (field("x", "number", default="два"), "default", "unfit"),
    (field("x", "choice", choices=ABC, default="c"), "default", "unfit"),
    (field("x", "file", default="a"), "default", "for_kind"),
    (field("x", blank="access"), "blank", "for_kind"),
    (field("x", "file", blank="gone"), "blank", "unknown"),
    (field("x", instead="q", instead_ru="а"), "instead_en", "required"),
    (field("x", instead_ru="а"), "instead_ru", "no_queue"),
]


@pytest.mark.parametrize(("wrong", "column", "code"), FLAWS, ids=[f"{c}-{code}" for _, c, code in FLAWS])
def test_a_flaw_is_found(wrong, column, code):
    found = definitions.flaws(wrong, [TOPIC, BOX, field("line")])
    assert [(problem.field, problem.code) for problem in found] == [(column, code)]


def test_a_sound_definition_has_no_flaw():
    sound = [
        field("a", shown_when=when("topic", "a"), required_when=when("box", "1"), default="x"),
        field("b", pattern=r"\d{2}", pattern_hint_ru="две цифры", pattern_hint_en="two digits", default="12"),
        field("c", "file", blank="training", required=True),
        field("d", "period", default="2026-05"),
        field("e", instead="advice", instead_ru="а", instead_en="a"),
    ]
    assert [definitions.flaws(one, [TOPIC, BOX]) for one in sound] == [[]] * 5


def test_a_circle_is_told_with_its_way():
    others = [field("b", "check", shown_when=when("c", "1")), field("c", "check", shown_when=when("a", "1"))]
    (flaw,) = definitions.flaws(field("a", "check", shown_when=when("b", "1")), others)
    assert (flaw.field, flaw.code, flaw.details["value"]) == ("shown_when", "condition_circle", "a → b → c → a")


@pytest.mark.django_db
class TestSaved:
    @pytest.fixture(autouse=True)
    def _queue(self):
        put_queue("q", name_ru="q", name_en="q")
        self.put("topic", kind="choice", choices=ABC)
        self.put("period", kind="period", required_when=when("topic", "a"))

    def put(self, key, **columns):
        if "kind" in columns:
            columns = {"label_ru": key, "label_en": key, **columns}
        return put_field("q", key, **columns).row

    def refused(self, deed, *given, **columns):
        with pytest.raises(Invalid) as refusal:
            deed(*given, **columns)
        return [(problem.field, problem.code) for problem in refusal.value.problems]

    def test_what_others_depend_on_stays_as_they_need_it(self):
        assert self.refused(self.put, "topic", choices=ABC[1:]) == [("choices", "needed_by")]
        assert self.refused(self.put, "topic", kind="text", choices=[]) == [("choices", "needed_by")]
        assert self.refused(switch_field, "q", "topic", on=False) == [("key", "needed_by")]
        self.put("period", required_when={})
        assert switch_field("q", "topic", on=False)
        assert self.refused(self.put, "period", required_when=when("topic", "a")) == [
            ("required_when", "condition_field")
        ]

    def test_a_field_comes_back_after_what_it_depends_on(self):
        assert switch_field("q", "period", on=False)
        assert switch_field("q", "topic", on=False)
        assert self.refused(switch_field, "q", "period", on=True) == [("required_when", "condition_field")]
        assert switch_field("q", "topic", on=True)
        assert switch_field("q", "period", on=True)

    def test_only_another_queue_is_offered_instead(self):
        words = {"instead_ru": "а", "instead_en": "a"}
        assert self.refused(self.put, "period", instead="gone", **words) == [("instead", "unknown")]
        assert self.refused(self.put, "period", instead="q", **words) == [("instead", "unknown")]
        put_queue("other", name_ru="o", name_en="o")
        assert self.put("period", instead="other", **words).instead == "other"

    def test_conditions_and_words_make_no_new_version(self):
        assert self.put("period", required_when=when("topic", "b"), help_ru="Какой месяц").version == 1
        assert self.put("period", kind="month").version == 2
