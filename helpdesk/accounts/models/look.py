from django.db import models


class Look(models.Model):
    """An administrator looked at the clients' side as one client. Rows are only added, and closed once."""

    administrator = models.ForeignKey("accounts.Person", models.PROTECT, related_name="looks")
    client = models.ForeignKey("accounts.Person", models.PROTECT, related_name="looked_at")
    begun_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField()  # it is over then, whatever anybody does
    ended_at = models.DateTimeField(null=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["client", "-begun_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("begun_at")), name="look_goes_forward")
        ]

    def __str__(self) -> str:
        return f"{self.administrator_id} as {self.client_id}"
