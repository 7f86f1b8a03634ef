from django.db import models


class Submission(models.Model):
    """A form that was accepted: sending it again (a double click, a retry) leads to the same result."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, default="")  # of what was sent, and where to
    hand = models.CharField(max_length=32, default="", db_default="", blank=True)  # the page that sent it (Draft)
    step = models.IntegerField(default=0, db_default=0)
    article = models.ForeignKey("tickets.Article", models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="submission_once")]


class StagedFile(models.Model):
    """A file chosen in a form that is not sent yet: it survives errors of other fields."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    form_key = models.CharField(max_length=64)
    blob = models.ForeignKey("core.Blob", models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=200)
    size = models.BigIntegerField()
    field = models.CharField(max_length=50, default="", db_default="", blank=True)  # the queue's own field it is for
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["person", "form_key"])]
