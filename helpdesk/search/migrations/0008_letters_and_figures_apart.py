"""Letters and figures that stand together are found apart, and the other way round: all rows are written anew."""

from django.db import migrations


def write_anew(apps, schema_editor):
    from helpdesk.search import index

    index.rebuild()


class Migration(migrations.Migration):
    dependencies = [("search", "0007_figures_in_groups")]
    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
