from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0019_sending_page")]

    operations = [
        migrations.AddField(
            model_name="intakefield", name="bounds", field=models.JSONField(blank=True, db_default={}, default=dict)
        ),
    ]
