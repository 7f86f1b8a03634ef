from django.db import models


class Company(models.Model):
    """A client company."""

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    sort_key = models.CharField(max_length=200, db_index=True)
    inactive_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.short_name


class Membership(models.Model):
    """A person's place in a company: what they see of its requests and whether they write."""

    class Sees(models.TextChoices):
        OWN = "own"
        COMPANY = "company"

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships")
    sees = models.CharField(max_length=10, choices=Sees.choices, default=Sees.OWN)
    writes = models.BooleanField(default=True)
    is_chief = models.BooleanField(default=False)
    inactive_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "company"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.company_id}"
