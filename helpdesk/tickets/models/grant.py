from django.db import models


class Right(models.TextChoices):
    """What a role may do in a queue. FULL holds all the others."""

    READ = "read"
    CREATE = "create"
    NOTE = "note"
    ANSWER = "answer"
    MOVE_INTO = "move_into"
    OWNER = "owner"
    PRIORITY = "priority"
    FULL = "full"


class Grant(models.Model):
    """A right of a role in a queue and the queues below it; in every queue where `queue` is empty."""

    role = models.ForeignKey("accounts.Role", models.CASCADE, related_name="grants")
    queue = models.ForeignKey("tickets.Queue", models.CASCADE, null=True, blank=True, related_name="grants")
    right = models.CharField(max_length=20, choices=Right.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "queue", "right"], nulls_distinct=False, name="grant_once"),
        ]
