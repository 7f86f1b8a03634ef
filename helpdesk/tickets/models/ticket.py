from django.db import models
from django.db.models import Case, F, Q, When


class Phase(models.TextChoices):
    """The coarse life of a request, kept beside the state for lists and their indexes."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"
    REMOVED = "removed"


class WaitsFor(models.TextChoices):
    """Whose turn it is; set by the actions."""

    CLIENT = "client"
    DESK = "desk"
    NOBODY = "nobody"


class Channel(models.TextChoices):
    WEB = "web"
    MAIL = "mail"
    PHONE = "phone"
    SYSTEM = "system"


# what clients narrow their lists by, or order them by
_OF_LISTS = ("queue", "priority", "owner", "responsible", "created_at", "due_at", "subject")


class Ticket(models.Model):
    """A request. Changed only by tickets.actions; read through tickets.queries."""

    number = models.CharField(max_length=50, unique=True)
    subject = models.CharField(max_length=300)
    queue = models.ForeignKey("tickets.Queue", models.PROTECT, related_name="tickets")
    category = models.ForeignKey("tickets.Category", models.PROTECT, null=True, related_name="+")
    state = models.ForeignKey("tickets.State", models.PROTECT, related_name="+")
    phase = models.CharField(max_length=10, choices=Phase.choices)
    waits_for = models.CharField(max_length=10, choices=WaitsFor.choices)
    priority = models.ForeignKey("tickets.Priority", models.PROTECT, related_name="+")
    type = models.ForeignKey("tickets.TicketType", models.PROTECT, null=True, related_name="+")
    company = models.ForeignKey("accounts.Company", models.PROTECT, null=True, related_name="tickets")
    author = models.ForeignKey("accounts.Person", models.PROTECT, related_name="authored")
    owner = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="owned")
    responsible = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    locked_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    language = models.CharField(max_length=5, default="ru")
    fields = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    due_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    pending_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    last_client_at = models.DateTimeField(null=True)
    last_agent_at = models.DateTimeField(null=True)
    last_article_at = models.DateTimeField()
    last_article_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    snippet = models.CharField(max_length=200, blank=True)  # of the last visible article
    articles_count = models.IntegerField(default=0)
    last_visible_seq = models.IntegerField(default=0)  # of the newest article that the client sees
    # the letter of the desk's last visible article did not reach a client, and has not been sent again since
    undelivered = models.BooleanField(default=False, db_default=False)
    last_event_seq = models.IntegerField(default=0)  # also the version that a writer saw
    # of a merged one: the request that it was merged into, and the one that this has become part of in turn
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_index=False)
    told_seq = models.IntegerField(default=0, db_default=0)  # the newest event without words that clients are told

    class Meta:
        indexes = [
            models.Index(fields=["author", "phase", "-last_article_at", "-id"], name="ticket_mine"),
            models.Index(fields=["company", "phase", "-last_article_at", "-id"], name="ticket_company"),
            models.Index(fields=["phase", "-last_article_at", "-id"], name="ticket_recent"),
            models.Index(fields=["phase", "-changed_at", "-id"], name="ticket_changed"),
            models.Index(fields=["phase", "-created_at", "-id"], name="ticket_created"),
            models.Index(fields=["queue", "phase", "-last_article_at", "-id"], name="ticket_queue"),
            models.Index(fields=["owner", "phase", "-last_article_at", "-id"], name="ticket_owner"),
            # the clients' lists: their figures and which rows stand on a page, in whatever order, from the index alone
            models.Index(
                fields=["author", "phase", "waits_for", "state", "company"],
                include=["last_article_at", "id", *_OF_LISTS],
                name="ticket_mine_columns",
            ),
            models.Index(
                fields=["company", "phase", "waits_for", "state"],
                include=["last_article_at", "id", "author", *_OF_LISTS],
                name="ticket_company_columns",
            ),
            models.Index(
                fields=["queue", "owner", "waits_for", "due_at"], condition=Q(phase="open"), name="ticket_open_counts"
            ),
            models.Index(  # running clocks first, as the desk's list by deadline stands
                Case(When(waits_for="desk", then=0), default=1, output_field=models.IntegerField()),
                F("due_at").asc(nulls_last=True),
                F("id").desc(),
                condition=Q(phase="open"),
                name="ticket_due",
            ),
            models.Index(fields=["pending_until"], condition=Q(pending_until__isnull=False), name="ticket_pending"),
            models.Index(fields=["part_of"], condition=Q(part_of__isnull=False), name="ticket_parts"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def waits_for_enum(self) -> WaitsFor:
        return WaitsFor(self.waits_for)


class NumberCounter(models.Model):
    """The last number given out by a generator (and day, where the generator counts by day)."""

    name = models.CharField(max_length=50, primary_key=True)
    value = models.BigIntegerField()


class NumberAlias(models.Model):
    """Further numbers of a request, from an older system. A merged request keeps its own and leads on by `part_of`."""

    number = models.CharField(max_length=50, primary_key=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="aliases")


class Participant(models.Model):
    """Somebody beside author and staff who takes part: an observer of the same company, an address in copy; a
    specialist who watches, which lets nobody see more than before."""

    class Role(models.TextChoices):
        OBSERVER = "observer"
        COPY = "copy"
        WATCHER = "watcher"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="participants")
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="takes_part")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="participant_once")]


class TicketTag(models.Model):
    """A tag of a request."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="tagged", db_index=False)
    tag = models.ForeignKey("tickets.Tag", models.PROTECT, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="tag_once")]


class Mention(models.Model):
    """A person whom an internal note names («@Анна Ковалёва»), by themselves or as holder of a role.

    Gives no rights: whoever does not see the request learns nothing of it.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="mentions", db_index=False)
    article = models.ForeignKey("tickets.Article", models.CASCADE, related_name="mentions", db_index=False)
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+", db_index=False)
    said = models.CharField(max_length=200)  # as it stands in the note, without the «@»

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "person"], name="mention_once")]
        indexes = [
            models.Index(fields=["person", "ticket"], name="mention_of"),
            models.Index(fields=["ticket", "article"], name="mention_in"),
        ]


class ReadMark(models.Model):
    """How far a person has read a request: the newest article and the newest event without words they have seen."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="read_marks")
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    seq = models.IntegerField()
    told_seq = models.IntegerField(default=0, db_default=0)
    at = models.DateTimeField()  # of the article

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "ticket"], name="read_mark_once")]


class Link(models.Model):
    """Two requests that belong together."""

    class Kind(models.TextChoices):
        NORMAL = "normal"
        PARENT = "parent"  # source is the parent of target
        DUPLICATE = "duplicate"  # source repeats target
        FOLLOW_UP = "follow_up"  # target goes on from source, which was closed

    source = models.ForeignKey(Ticket, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Ticket, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_of_two"),
        ]
