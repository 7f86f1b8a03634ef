"""Numbers in groups of figures, telephones and sums are found in one piece wherever they stand: all rows are written anew."""

from django.db import migrations


def write_anew(apps, schema_editor):
    from helpdesk.search import index

    index.rebuild()


class Migration(migrations.Migration):
    dependencies = [("search", "0006_accounts_and_folded_texts")]
    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
