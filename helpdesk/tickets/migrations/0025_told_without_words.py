from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0024_changes_that_clients_see")]

    operations = [
        migrations.AddField("ticket", "told_seq", models.IntegerField(db_default=0, default=0)),
        migrations.AddField("readmark", "told_seq", models.IntegerField(db_default=0, default=0)),
    ]
