"""What letters about somebody's own access say, in the language that is active. Pure."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.accounts.events import LetterKind
from helpdesk.core.text.safe import one_line

Words = tuple[str, str, str]  # subject, text, label of the link
_FACTS = ("login", "hours", "by", "ip", "device", "company", "address", "leaver", "to", "count", "when")


def words(kind: LetterKind, context: Mapping[str, object]) -> Words:
    """The words of a letter of this kind; `context` as accounts.events says, and `when` in words."""
    facts = {name: one_line(str(context.get(name) or ""), 200) for name in _FACTS}
    subject, lines, label = _KINDS[kind](facts)
    return subject, "\n\n".join(lines), label


Facts = Mapping[str, str]
_Said = tuple[str, list[str], str]


def _password_reset(facts: Facts) -> _Said:
    lines = [
        _("Somebody, probably you, asked for a new password for the login %(login)s.") % facts,
        _("The link below is good for %(hours)s hours and for one use.") % facts,
        _("If it was not you, do nothing: the password stays as it is."),
    ]
    return _("New password"), lines, _("Set a new password")


def _invitation(facts: Facts) -> _Said:
    lines = [
        _("%(by)s invites you to the support service.") % facts
        if facts["by"]
        else _("You are invited to the support service."),
        _("Your login is %(login)s. Set a password by the link below: it is good for %(hours)s hours.") % facts,
    ]
    return _("Invitation to the support service"), lines, _("Set the first password")


def _invited(facts: Facts) -> _Said:
    lines = [
        _("%(by)s invites you to the support service, to the requests of %(company)s.") % facts,
        _("Open the link below to accept: it is good for %(hours)s hours and for one use.") % facts,
        _("If you do not know what this is about, do nothing: without you nothing changes."),
    ]
    return _("Invitation to the support service"), lines, _("Accept the invitation")


def _address_check(facts: Facts) -> _Said:
    lines = [
        _("Somebody, probably you, added this address to the account %(login)s.") % facts,
        _("Sign in and open the link below: it is good for %(hours)s hours. Only then does the address count.") % facts,
        _("If it was not you, do nothing: without you nothing changes."),
    ]
    return _("Confirm the address"), lines, _("Yes, it is my address")


def _primary_changed(facts: Facts) -> _Said:
    lines = [
        _("Letters of the support service to you will go to %(address)s from now on, no longer here.") % facts,
        _("If it was not you, set a new password at once and tell the support service."),
    ]
    return _("Your letters go to another address"), lines, ""


def _handed_over(facts: Facts) -> _Said:
    count = int(facts["count"] or 0)
    told = ngettext(
        "%(by)s handed over to you %(count)s open request of %(leaver)s.",
        "%(by)s handed over to you %(count)s open requests of %(leaver)s.",
        count,
    )
    lines = [told % facts, _("You find them under “My requests”. Answers of the specialists now go to you.")]
    return _("Requests have been handed over to you"), lines, _("Open my requests")


def _handed_away(facts: Facts) -> _Said:
    told = ngettext(
        "%(by)s handed over %(count)s open request of yours to %(to)s.",
        "%(by)s handed over %(count)s open requests of yours to %(to)s.",
        int(facts["count"] or 0),
    )
    lines = [told % facts, _("Answers of the specialists now go there. What you wrote stays under your name.")]
    return _("Your requests have been handed over"), lines, _("Open my requests")


def _password_changed(facts: Facts) -> _Said:
    lines = [_("The password of your login was changed on %(when)s.") % facts]
    if facts["ip"] or facts["device"]:
        lines.append(_("From where: %(place)s.") % {"place": ", ".join(filter(None, (facts["device"], facts["ip"])))})
    lines.append(_("If it was not you, set a new password at once and tell the support service."))
    return _("Your password was changed"), lines, ""


_KINDS: Mapping[LetterKind, Callable[[Facts], _Said]] = {
    "password_reset": _password_reset,
    "invitation": _invitation,
    "invited": _invited,
    "address_check": _address_check,
    "primary_changed": _primary_changed,
    "handed_over": _handed_over,
    "handed_away": _handed_away,
    "password_changed": _password_changed,
}
