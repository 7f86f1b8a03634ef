import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0020_bounds_of_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=50)),
                ("key", models.CharField(max_length=50, unique=True)),
                (
                    "colour",
                    models.CharField(
                        blank=True,
                        choices=[("good", "Good"), ("warn", "Warn"), ("bad", "Bad"), ("info", "Info")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("inactive_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["key"],
            },
        ),
        migrations.AlterModelOptions(
            name="tickettype",
            options={"ordering": ["position", "id"]},
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="before",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="tickettype",
            name="position",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="participant",
            name="role",
            field=models.CharField(
                choices=[("observer", "Observer"), ("copy", "Copy"), ("watcher", "Watcher")], max_length=10
            ),
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.CharField(max_length=200)),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="tickets.article",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "ticket"], name="mention_of"),
                    models.Index(fields=["ticket", "article"], name="mention_in"),
                ],
                "constraints": [models.UniqueConstraint(fields=("article", "person"), name="mention_once")],
            },
        ),
        migrations.CreateModel(
            name="TicketTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tagged", to="tickets.tag"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ticket", "tag"), name="tag_once")],
            },
        ),
        migrations.RunSQL(
            """CREATE TRIGGER masters_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON tickets_tickettype
                   FOR EACH STATEMENT EXECUTE FUNCTION tickets_masters_changed();""",
            "DROP TRIGGER masters_changed ON tickets_tickettype;",
        ),
    ]
