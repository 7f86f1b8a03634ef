import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("search", "0004_saved_searches"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedsearch",
            name="company",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.company",
            ),
        ),
    ]
