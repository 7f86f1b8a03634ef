from django.db import models


class OptionRow(models.Model):
    """The stored value of a setting. The code knows its type and default (core.options)."""

    key = models.CharField(max_length=100, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "core_option"
