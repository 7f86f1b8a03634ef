from django.db import models
from django.db.models.fields.json import KeyTextTransform

# what a field is called of which clients see on their pages that it changed
SEEN_FIELDS = (
    "state", "queue", "priority", "category", "subject", "author", "client", "owner", "responsible", "due_at",
    "observer",
)  # fmt: skip


class TicketEvent(models.Model):
    """One line of the history: who did what, through which door, from what to what. Codes and ids, never words."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="events")
    seq = models.IntegerField()
    actor = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=20)
    verb = models.CharField(max_length=30)
    field = models.CharField(max_length=30, blank=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    note = models.CharField(max_length=300, blank=True)
    article = models.ForeignKey("tickets.Article", models.SET_NULL, null=True, related_name="+")
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    batch = models.UUIDField(null=True)
    # of an act that can be undone, the columns that it changed, as they were; `old` and `new` tell the main one
    before = models.JSONField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="event_seq_once")]
        indexes = [
            models.Index(fields=["batch", "id"], condition=models.Q(batch__isnull=False), name="event_batch"),
            models.Index(
                fields=["happened_at", "ticket"],
                condition=models.Q(verb="opened") | models.Q(field__in=SEEN_FIELDS),
                name="event_seen",
            ),
            models.Index(fields=["verb", "happened_at", "ticket"], name="event_verb"),
            models.Index(
                KeyTextTransform("queue", "new"), "ticket", condition=models.Q(verb="opened"), name="event_opened_in"
            ),
        ]
