from django.db import models


class Presence(models.Model):
    """A specialist who has a request open, as their browser said a moment ago. Nobody is kept from anything by it."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)
    writing = models.CharField(max_length=10, blank=True)  # answer, note; empty for who only looks

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="presence_once")]
