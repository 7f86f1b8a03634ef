from django.contrib.postgres.indexes import GinIndex
from django.db import models


class FieldValue(models.Model):
    """A value of a queue's own field in a form that is searched: written with the request, by tickets.fields.mirror.

    `text` holds every kind (folded, at most 300 characters); the other columns what a comparison needs.
    """

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="field_values", db_index=False)
    key = models.CharField(max_length=50)
    text = models.CharField(max_length=300)
    number = models.BigIntegerField(null=True)
    starts_on = models.DateField(null=True)  # of a date: itself; of a month or period: its first day
    ends_on = models.DateField(null=True)  # of a date: itself; of a month or period: its last day

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "key"], name="field_value_once")]
        indexes = [
            models.Index(fields=["key", "text", "ticket"], name="field_value_text"),
            models.Index(fields=["key", "number"], condition=models.Q(number__isnull=False), name="field_value_number"),
            models.Index(
                fields=["key", "starts_on", "ends_on"],
                condition=models.Q(starts_on__isnull=False),
                name="field_value_days",
            ),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="field_value_parts"),
        ]
