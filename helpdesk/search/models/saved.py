from django.db import models


class SavedSearch(models.Model):
    """A search that a person keeps under a name, shared with a company or theirs alone. `conditions`: [[name, value,
    words], …] as they stand in an address, with the words that told them when it was saved: what is gone since is named
    by them."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    conditions = models.JSONField()
    company = models.ForeignKey("accounts.Company", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.name
