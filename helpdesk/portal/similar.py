"""One request is one question: before a new one goes out, open ones that may be the same are offered, once."""

from helpdesk.core.actor import Actor
from helpdesk.fronts.form import Form, number
from helpdesk.search import similar
from helpdesk.search.similar import Similar

SHOWN = "similar"  # the field with the numbers that the writer has had before them


def found(actor: Actor, form: Form) -> list[Similar]:
    """What the form's writer may have asked already."""
    company = number(form.get("company")) if form.get("company") else None
    return similar.close_to(actor, form.get("subject"), form.get("field_account"), form.body.text, company_id=company)


def fresh(offered: list[Similar], form: Form) -> bool:
    """Whether something is among them that the writer has not seen: they are asked once, the next press sends."""
    return not {one.number for one in offered} <= set(form.get(SHOWN).split(","))
