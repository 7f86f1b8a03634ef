from collections.abc import Sequence
from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.richtext import RichText
from helpdesk.tickets import mentions, policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import LetterFacts, NewFile
from helpdesk.tickets.models import Article, Channel, Mention


def note(
    ticket_id: int,
    *,
    by: Actor,
    body: RichText,
    attachments: Sequence[NewFile] = (),
    channel: Channel = Channel.WEB,
    letter: LetterFacts | None = None,
    once: str | None = None,
    again: bool = False,
    at: datetime | None = None,
) -> Article:
    """An internal note: the client never sees it, in no page, search, count, file or letter. Who is named in it by
    «@» hears of it if they see the request; in a letter «@» means nothing.

    Raises NotFound, NotAllowed, Invalid.
    """
    with verb():
        if earlier := base.claim(by, once, "note", ticket_id, body, attachments=attachments, again=again):
            return earlier
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_note(act.access, act.ticket), "note")
        base.check_body(body, attachments, needed=channel is not Channel.MAIL)
        named = mentions.named_in(body.text) if channel is not Channel.MAIL and letter is None else []
        article, files = base.add_article(
            act, sender="agent", channel=channel, body=body, visible=False, author_id=by.person_id,
            attachments=attachments, letter=letter,
        )  # fmt: skip
        event = act.event("noted", article=article)
        act.save()
        told = [one for one in named if one.person_id != by.person_id]
        Mention.objects.bulk_create(
            Mention(ticket=act.ticket, article=article, person_id=one.person_id, said=one.said[:200]) for one in told
        )
        base.publish_article(act, article, files, event, mentioned=tuple(one.person_id for one in told))
        base.claimed(by, once, article)
        return article
