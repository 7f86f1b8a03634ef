from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0006_mentioned"),
    ]

    operations = [
        migrations.AddField("notice", "changes", models.JSONField(db_default={}, default=dict)),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new_ticket", "New Ticket"),
                    ("client_answer", "Client Answer"),
                    ("desk_answer", "Desk Answer"),
                    ("closed", "Closed"),
                    ("settled", "Settled"),
                    ("assigned", "Assigned"),
                    ("observes", "Observes"),
                    ("handed_over", "Handed Over"),
                    ("mentioned", "Mentioned"),
                    ("handed_away", "Handed Away"),
                    ("changed", "Changed"),
                    ("letter_failed", "Letter Failed"),
                ],
                max_length=20,
            ),
        ),
    ]
