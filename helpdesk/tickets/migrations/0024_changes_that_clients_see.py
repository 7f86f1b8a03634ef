from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0023_own_queues")]

    operations = [
        migrations.RemoveIndex(model_name="ticketevent", name="event_seen"),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(
                condition=models.Q(
                    ("verb", "opened"),
                    (
                        "field__in",
                        (
                            "state",
                            "queue",
                            "priority",
                            "category",
                            "subject",
                            "author",
                            "client",
                            "owner",
                            "responsible",
                            "due_at",
                            "observer",
                        ),
                    ),
                    _connector="OR",
                ),
                fields=["happened_at", "ticket"],
                name="event_seen",
            ),
        ),
    ]
