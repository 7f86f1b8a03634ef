from django.contrib.postgres.fields import ArrayField
from django.db import models


class Draft(models.Model):
    """A half-written text of one person, as it stands in a form: nobody else reads it unless a specialist shares it,
    and no request changes it.

    Known by the key of its form; one that was thrown away has a key that no form knows. `hand` and `step` say which
    open page wrote it last, and with which of its savings.
    """

    class Kind(models.TextChoices):
        NEW = "new"
        REPLY = "reply"
        NOTE = "note"

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, null=True, related_name="+")
    form_key = models.CharField(max_length=64)
    version = models.IntegerField(default=1)
    hand = models.CharField(max_length=32, blank=True)
    step = models.IntegerField(default=0)
    values = models.JSONField(default=dict)  # name of a field → what stands in it
    files = ArrayField(models.BigIntegerField(), default=list)  # its kept files, in the order of its list
    subject = models.CharField(max_length=200, blank=True)
    snippet = models.CharField(max_length=200, blank=True)
    minute = models.DateTimeField()  # of the last saving
    saves = models.IntegerField(default=1)  # in that minute
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    discarded_at = models.DateTimeField(null=True)  # thrown away, and kept a while to be brought back
    send_at = models.DateTimeField(null=True, db_index=True)  # it is sent then (`holding`)
    held = models.JSONField(default=dict)  # with what, if it is
    stopped = models.JSONField(default=dict)  # why it was not sent then (`holding.why`)
    shared_at = models.DateTimeField(null=True)  # since when colleagues may take it over
    taken_by = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, related_name="+")  # who has

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form_key"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.form_key}"
