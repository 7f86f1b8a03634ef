from django.db import models


class RawLetter(models.Model):
    """A letter as it came, stored before anything is made of it. The bytes are a blob and never change."""

    class State(models.TextChoices):
        STORED = "stored"
        DONE = "done"
        FAILED = "failed"  # kept, parked: somebody has to look

    class Outcome(models.TextChoices):
        NEW_TICKET = "new_ticket"
        FOLLOW_UP = "follow_up"
        REJECTED = "rejected"
        IGNORED = "ignored"
        BOUNCE = "bounce"
        DUPLICATE = "duplicate"
        QUARANTINED = "quarantined"

    class Trust(models.TextChoices):
        VERIFIED = "verified"
        UNVERIFIED = "unverified"
        FAILED = "failed"
        UNKNOWN = "unknown"

    blob = models.ForeignKey("core.Blob", models.PROTECT, related_name="+")
    size = models.BigIntegerField()
    destination = models.CharField(max_length=320, blank=True)  # the mailbox it was handed in for, lower case
    mailbox = models.CharField(max_length=320, blank=True)  # where it was fetched from; empty: handed in by a pipe
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STORED)
    attempts = models.SmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    trust = models.CharField(max_length=10, choices=Trust.choices, default=Trust.UNKNOWN)
    reason = models.CharField(max_length=300, blank=True)  # a code, then words
    from_address = models.CharField(max_length=320, blank=True)
    message_id = models.CharField(max_length=998, blank=True)
    content_key = models.CharField(max_length=64, blank=True)  # hash of id, sender and body: the same letter, two ways
    queue = models.ForeignKey("tickets.Queue", models.SET_NULL, null=True, related_name="+")
    ticket = models.ForeignKey("tickets.Ticket", models.SET_NULL, null=True, related_name="+")
    article = models.ForeignKey("tickets.Article", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blob", "destination"], name="raw_letter_once"),
            models.UniqueConstraint(
                fields=["mailbox", "uidvalidity", "uid"],
                condition=models.Q(uid__isnull=False),
                name="raw_letter_uid_once",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=~models.Q(state="done"), name="raw_letter_unfinished"),
            models.Index(fields=["content_key"], condition=~models.Q(content_key=""), name="raw_letter_content"),
            models.Index(fields=["ticket"], name="raw_letter_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.from_address} {self.message_id}"
