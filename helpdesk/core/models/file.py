from django.db import models


class Blob(models.Model):
    """The content of files, one row for each different content. Names and rights belong to those who refer to it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    created_at = models.DateTimeField(db_index=True)
