"""Rows know their company, words where they stand, and numbers their parts: all rows are written anew."""

import django.contrib.postgres.indexes
from django.db import migrations, models


def write_anew(apps, schema_editor):
    from helpdesk.search import index

    index.rebuild()


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_without_automatic_answers"),
        ("tickets", "0012_letters_that_did_not_arrive"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="entry_words"),
        migrations.AddField(model_name="entry", name="company", field=models.BigIntegerField(default=0)),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["bucket", "company", "vector"], gin_pending_list_limit=512, name="entry_found"
            ),
        ),
        migrations.RunPython(write_anew, migrations.RunPython.noop),
    ]
