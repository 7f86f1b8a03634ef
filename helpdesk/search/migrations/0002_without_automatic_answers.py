"""Automatic answers are found by nobody any more: their rows go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "DELETE FROM search_entry e USING tickets_article a WHERE a.id = e.article_id AND a.sender = 'system'",
            migrations.RunSQL.noop,
        )
    ]
