from django.contrib.postgres.fields import ArrayField
from django.db import models


class Role(models.Model):
    """What a person is in the desk: gets capabilities here, rights in queues from the tickets' grants."""

    class Capability(models.TextChoices):
        ADMINISTER = "administer"
        REPORTS = "reports"
        DISPATCH = "dispatch"  # gives out the work of others

    code = models.CharField(max_length=50, unique=True)
    name_ru = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    capabilities = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    inactive_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code
