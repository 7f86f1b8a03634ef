from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_done_waits_for_nobody")]

    operations = [
        migrations.AddField(
            model_name="ticket", name="undelivered", field=models.BooleanField(db_default=False, default=False)
        ),
    ]
