from django.db import models


class Heartbeat(models.Model):
    """When a process of a kind (worker, scheduler …) was last seen alive, by the database's clock."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()
