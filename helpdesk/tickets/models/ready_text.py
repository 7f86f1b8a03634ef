from django.db import models


class ReadyText(models.Model):
    """A text that specialists put into what they write: for requests of a queue and those below it, or of all."""

    name = models.CharField(max_length=100)
    shortcut = models.CharField(max_length=30, blank=True)  # what is typed after «::»; lower case, without spaces
    queue = models.ForeignKey("tickets.Queue", models.CASCADE, null=True, blank=True, related_name="+")
    text_ru = models.TextField()
    text_en = models.TextField(blank=True)  # for clients who read English; empty: the Russian one
    inactive_at = models.DateTimeField(null=True, blank=True)  # offered no longer

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
