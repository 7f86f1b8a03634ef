from django.db import models
from django.db.models import Q


class Signature(models.Model):
    """What stands at the end of letters to clients: of requests of a queue and those below it, or of all."""

    queue = models.OneToOneField("tickets.Queue", models.CASCADE, null=True, blank=True, related_name="+")
    text_ru = models.TextField()
    text_en = models.TextField(blank=True)  # for clients who read English; empty: the Russian one

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(queue=None), name="one_signature_of_all_queues")
        ]

    def __str__(self) -> str:
        return self.text_ru[:50]
