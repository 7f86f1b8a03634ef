"""Accounts in groups of figures are found in one piece, and what is folded in letters too: all rows are written anew."""

from django.db import migrations


def write_anew(apps, schema_editor):
    from helpdesk.search import index

    index.rebuild()


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0005_shared_searches"),
        ("tickets", "0018_accounts_in_one_piece"),
    ]
    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
