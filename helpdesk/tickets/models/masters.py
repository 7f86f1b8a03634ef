from django.contrib.postgres.fields import ArrayField
from django.db import models


class StateType(models.TextChoices):
    """What the code knows of a state; names and delays are rows."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    PENDING_AUTO = "pending_auto"
    CLOSED = "closed"
    MERGED = "merged"
    REMOVED = "removed"


class State(models.Model):
    """A state with its names for the desk and for clients."""

    code = models.CharField(max_length=30, primary_key=True)
    type = models.CharField(max_length=20, choices=StateType.choices)
    name_ru = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    client_name_ru = models.CharField(max_length=100, blank=True)
    client_name_en = models.CharField(max_length=100, blank=True)
    waits_for = models.CharField(max_length=10)  # whose turn it becomes when a specialist sets this state
    closes_after = models.IntegerField(null=True, blank=True)  # seconds until it closes by itself
    closes_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.SmallIntegerField(default=0)
    inactive_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code

    def name(self, language: str, *, for_client: bool = False) -> str:
        """The name in `language` (ru, en); a client's own name where there is one."""
        own = getattr(self, f"client_name_{language}") if for_client else ""
        return own or str(getattr(self, f"name_{language}"))


class Priority(models.Model):
    """How urgent, 1 to 5."""

    rank = models.SmallIntegerField(primary_key=True)
    name_ru = models.CharField(max_length=50)
    name_en = models.CharField(max_length=50)
    inactive_at = models.DateTimeField(null=True, blank=True)  # offered no longer; requests that have it keep it

    def __str__(self) -> str:
        return str(self.rank)


class Queue(models.Model):
    """Where requests wait: for clients the «Получатель». A tree by parent and stored path."""

    class FollowUp(models.TextChoices):
        """What an answer to a closed request does."""

        REOPEN = "reopen"
        NEW = "new"
        REFUSE = "refuse"

    key = models.SlugField(max_length=50, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=500, db_index=True)  # "/3/17/": ids from the root to itself
    name_ru = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    purpose_ru = models.TextField(blank=True)
    purpose_en = models.TextField(blank=True)
    guidance_ru = ArrayField(models.TextField(), default=list, blank=True)
    guidance_en = ArrayField(models.TextField(), default=list, blank=True)
    example_ru = models.TextField(blank=True)  # what to copy into the text, shown beside it
    example_en = models.TextField(blank=True)
    client_chooses = models.BooleanField(default=True)
    follow_up = models.CharField(max_length=10, choices=FollowUp.choices, default=FollowUp.REOPEN)
    auto_reply_ru = models.TextField(blank=True)  # may hold {number}; nothing of the sender's
    auto_reply_en = models.TextField(blank=True)
    # what a client is told whose request does not belong here and is moved on; may hold {queue}, where it goes
    moved_text_ru = models.TextField(blank=True, default="", db_default="")
    moved_text_en = models.TextField(blank=True, default="", db_default="")
    address = models.CharField(max_length=320, blank=True)  # the mailbox whose letters come here
    position = models.SmallIntegerField(default=0)
    inactive_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.key

    def name(self, language: str) -> str:
        return str(getattr(self, f"name_{language}"))


class IntakeField(models.Model):
    """A queue's own field of the new request's form (`field_<key>`)."""

    class Kind(models.TextChoices):
        TEXT = "text"
        LONG = "long"
        NUMBER = "number"
        DATE = "date"
        MONTH = "month"
        PERIOD = "period"  # of months: one, or from–to
        CHOICE = "choice"
        CHECK = "check"
        FILE = "file"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="fields")
    key = models.SlugField(max_length=50)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label_ru = models.CharField(max_length=100)
    label_en = models.CharField(max_length=100)
    help_ru = models.CharField(max_length=300, blank=True)
    help_en = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list, blank=True)  # [[value, ru, en], …]
    required = models.BooleanField(default=False)
    # {"field": key, "in": [values]}: what another field of the queue has to hold; empty: no condition
    shown_when = models.JSONField(default=dict, blank=True)
    required_when = models.JSONField(default=dict, blank=True)
    pattern = models.CharField(max_length=200, blank=True)  # of the whole text; see tickets.fields.patterns
    pattern_hint_ru = models.CharField(max_length=200, blank=True)  # what is expected, a sentence
    pattern_hint_en = models.CharField(max_length=200, blank=True)
    default = models.CharField(max_length=300, blank=True)  # as typed; stands in a fresh form
    # {"from", "to"} of a number, of a day and of months counted from the request's, {"longest"} of a period
    bounds = models.JSONField(default=dict, db_default={}, blank=True)  # see tickets.fields.bounds
    blank = models.SlugField(max_length=50, blank=True)  # of a file: the form to fill in; see tickets.blanks
    instead = models.SlugField(max_length=50, blank=True)  # key of the queue offered while it is empty
    instead_ru = models.CharField(max_length=300, blank=True)  # why
    instead_en = models.CharField(max_length=300, blank=True)
    position = models.SmallIntegerField(default=0)
    version = models.IntegerField(default=1)
    inactive_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["queue", "key"], name="field_key_once_a_queue")]


class Category(models.Model):
    """What a request is about; a tree, one per request."""

    key = models.SlugField(max_length=50, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=500, db_index=True)
    name_ru = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    position = models.SmallIntegerField(default=0)
    inactive_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def name(self, language: str) -> str:
        return str(getattr(self, f"name_{language}"))


class TicketType(models.Model):
    """Incident, question, change …: what kind of work a request is."""

    key = models.SlugField(max_length=50, unique=True)
    name_ru = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    position = models.SmallIntegerField(default=0, db_default=0)
    inactive_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.key

    def name(self, language: str) -> str:
        return str(getattr(self, f"name_{language}"))


class Tag(models.Model):
    """A word of the desk that groups requests across queues: made by whoever notes, in one language, for nobody else.

    No master of the dictionary: whoever writes a new one would have every kept page made anew.
    """

    class Colour(models.TextChoices):
        """Tokens of the look; each has its own in light and dark."""

        GOOD = "good"
        WARN = "warn"
        BAD = "bad"
        INFO = "info"

    name = models.CharField(max_length=50)
    key = models.CharField(max_length=50, unique=True)  # the name as it is looked for: small letters, ё = е
    colour = models.CharField(max_length=10, choices=Colour.choices, blank=True, default="")
    inactive_at = models.DateTimeField(null=True, blank=True)  # offered no longer; requests keep it

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class MasterVersion(models.Model):
    """One row; a trigger gives it a new value with every change of a queue, state, priority, category or type."""

    id = models.SmallIntegerField(primary_key=True)
    value = models.UUIDField()

    def __str__(self) -> str:
        return str(self.value)
