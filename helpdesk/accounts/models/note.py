"""What specialists write down about clients."""

from django.db import models
from django.db.models import Q


class ClientNote(models.Model):
    """One version of a note about a person or a company; the newest one stands, an empty one is none. Only added to,
    and never shown to clients."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, null=True, related_name="notes_about")
    company = models.ForeignKey("accounts.Company", models.CASCADE, null=True, related_name="notes_about")
    by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(person__isnull=True) ^ Q(company__isnull=True), name="note_about_one")
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="note_about_person"),
            models.Index(fields=["company", "-id"], name="note_about_company"),
        ]

    def __str__(self) -> str:
        return self.text[:50]
