from django.db import models


class KnownMessageId(models.Model):
    """A Message-ID of a request's thread: one that we gave out (to a person), or one that came with a letter."""

    digest = models.CharField(max_length=64)  # sha256 of the id: an id of a stranger may be too long for an index
    message_id = models.CharField(max_length=998)
    given_out = models.BooleanField()
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+")
    article = models.ForeignKey("tickets.Article", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("accounts.Person", models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "ticket", "given_out"], name="message_id_once_a_ticket"),
        ]
        indexes = [models.Index(fields=["ticket", "-id"], name="message_id_thread")]

    def __str__(self) -> str:
        return self.message_id


class AutoAnswerLog(models.Model):
    """When an address last got an automatic answer to a letter (RFC 3834 §2: not twice in a period)."""

    address = models.CharField(max_length=320, primary_key=True)  # canonical, without a +tag
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class FloodCount(models.Model):
    """How many letters came of one kind since the first one of this hour."""

    key = models.CharField(max_length=400, primary_key=True)
    since = models.DateTimeField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return self.key
