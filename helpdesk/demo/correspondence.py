"""The letters of one conversation: from whom to which address, in answer to what."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.demo import letters
from helpdesk.demo.content.attachments import Built
from helpdesk.demo.content.people import address_of
from helpdesk.demo.content.types import Message
from helpdesk.demo.letters import Quoted, Sheet
from helpdesk.demo.masters import World
from helpdesk.demo.plan import Planned
from helpdesk.mail.mailboxes import Mailboxes
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets.models import Article, Ticket

INBOX = "support@example.com"
_QUOTED = 600  # characters that people leave of the letter below their own


class Correspondence:
    """Remembers the ids of the letters that the client's side wrote."""

    def __init__(self, world: World, planned: Planned, boxes: Mailboxes, zone: ZoneInfo) -> None:
        self.world, self.boxes, self.zone = world, boxes, zone
        client, writer = planned.client, planned.conversation.writer
        self.name = writer.name if writer else client.name
        self.address = writer.address if writer else address_of(client)
        self.to = world.queues[planned.conversation.queue].address or INBOX
        self._ids: list[str] = []

    def write(
        self,
        message: Message,
        fill: Callable[[str], str],
        *,
        at: datetime,
        subject: str,
        ticket_id: int | None,
        attached: Sequence[Built],
        picture: Built | None,
    ) -> Article:
        """A letter of its own with a subject, or else the answer to what was last written to this address."""
        quoted, to, references = None, self.to, self._ids
        if ticket_id is not None:
            subject, to, references, quoted = self._answering(Ticket.objects.get(pk=ticket_id))
        sheet = Sheet(
            name=self.name, address=self.address, to=to, subject=subject, at=self._local(at), text=fill(message.text),
            html=fill(message.html), picture=picture, attached=attached, quoted=quoted, references=references,
        )  # fmt: skip
        self._ids.append(sheet.message_id)
        return letters.take(letters.octets(sheet), at=at, boxes=self.boxes, mailbox=self.to)

    def _answering(self, ticket: Ticket) -> tuple[str, str, list[str], Quoted | None]:
        """Subject, recipient, ids and quotation of an answer. What is older than the outbox is found by its number."""
        people = OutgoingLetter.objects.filter(ticket=ticket, address=self.address).order_by("-pk")
        ours = people.values_list("message_id", "reply_to").first()
        said = Article.objects.filter(ticket=ticket, visible_to_client=True, sender="agent").order_by("-seq").first()
        quoted = None
        if said is not None and said.author is not None:
            words = said.text[:_QUOTED].strip()
            quoted = Quoted(said.author.name, self.to, self._local(said.created_at), words)
        to = ours[1] if ours and ours[1] else self.to
        return f"Re: [#{ticket.number}] {ticket.subject}", to, [*self._ids, *(ours[:1] if ours else ())], quoted

    def _local(self, at: datetime) -> datetime:
        """A moment as the writer's clock shows it, to the second."""
        return at.astimezone(self.zone).replace(microsecond=0)
