from django.db import models
from django.db.models import Q


class AccountEvent(models.Model):
    """One line of what was changed about people's access: who, to whom, in which company, what, when. Codes and ids,
    never words; only added to."""

    class Verb(models.TextChoices):
        INVITED = "invited"
        INVITED_AGAIN = "invited_again"
        INVITATION_WITHDRAWN = "invitation_withdrawn"
        JOINED = "joined"
        RIGHTS_CHANGED = "rights_changed"  # details: of each changed right [before, after]
        SWITCHED_OFF = "switched_off"
        SWITCHED_ON = "switched_on"
        HANDED_OVER = "handed_over"  # details: batch, of the events of the requests
        ADDRESS_ADDED = "address_added"
        ADDRESS_REMOVED = "address_removed"
        ADDRESS_PRIMARY = "address_primary"

    company = models.ForeignKey("accounts.Company", models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="account_events")
    to = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")  # who takes requests over
    named = models.CharField(max_length=320, blank=True)  # an address, or who was invited and is nobody here yet
    verb = models.CharField(max_length=30, choices=Verb.choices)
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-at", "-id"], name="account_event_company"),
            models.Index(fields=["person", "-at", "-id"], name="account_event_person"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.named or self.person_id}"


class Invitation(models.Model):
    """Somebody a company's chief asked in, who has not come yet. A person is made, or found, when they accept."""

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="invitations")
    by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    job = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=320)
    canonical = models.CharField(max_length=320)
    sees = models.CharField(max_length=10)
    writes = models.BooleanField()
    is_chief = models.BooleanField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()  # of the newest letter: links of earlier ones are dead
    over_at = models.DateTimeField(null=True, blank=True)  # accepted or withdrawn

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "canonical"], condition=Q(over_at__isnull=True), name="invitation_once"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class AddressClaim(models.Model):
    """An address that a person says is theirs. It counts for nothing until a letter's link has proved it."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="address_claims")
    address = models.CharField(max_length=320)
    canonical = models.CharField(max_length=320)
    sent_at = models.DateTimeField()  # of the newest letter: links of earlier ones are dead

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "canonical"], name="address_claim_once")]

    def __str__(self) -> str:
        return self.address
