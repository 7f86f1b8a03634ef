from django.contrib.postgres.fields import ArrayField
from django.db import models

TEXT_LIMIT = 300


class ChecklistItem(models.Model):
    """One thing to be done for a request; the client never sees it."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="checklist", db_index=False)
    position = models.IntegerField()
    text = models.CharField(max_length=TEXT_LIMIT)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "position"], name="checklist_position_once")]

    def __str__(self) -> str:
        return self.text


class ChecklistTemplate(models.Model):
    """Items that are put on a request together: for a queue and those below it, or for all."""

    name = models.CharField(max_length=100)
    queue = models.ForeignKey("tickets.Queue", models.CASCADE, null=True, blank=True, related_name="+")
    items = ArrayField(models.CharField(max_length=TEXT_LIMIT))
    inactive_at = models.DateTimeField(null=True, blank=True)  # offered no longer

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
