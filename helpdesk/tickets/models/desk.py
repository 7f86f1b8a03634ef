from django.db import models


class OwnQueue(models.Model):
    """A queue that a specialist has chosen as theirs: for the view of their queues and their first page."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+", db_index=False)
    queue = models.ForeignKey("tickets.Queue", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "queue"], name="own_queue_once")]
