"""Rules of the queues' own fields, and their values in rows of their own, from what the requests hold."""

import calendar
import re
import unicodedata
from datetime import date

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

_BATCH = 2_000
_JOINED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f]")
_MONTH = re.compile(r"\d{4}-\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def fill(apps, schema_editor):
    """A row for each value, a batch of requests at a time."""
    Ticket = apps.get_model("tickets", "Ticket")
    FieldValue = apps.get_model("tickets", "FieldValue")
    last = 0
    while found := list(
        Ticket.objects.filter(pk__gt=last).exclude(fields={}).order_by("pk").values_list("pk", "fields")[:_BATCH]
    ):
        last = found[-1][0]
        rows = [
            FieldValue(ticket_id=pk, key=key[:50], **_columns(one["value"]))
            for pk, fields in found
            for key, one in fields.items()
            if isinstance(one, dict) and one.get("value") not in (None, "")
        ]
        FieldValue.objects.bulk_create(rows, batch_size=_BATCH)


def _columns(value):
    if isinstance(value, int):
        return {"text": str(int(value)), "number": int(value)}
    text = str(value)
    starts_on, ends_on = _days(text)
    return {"text": _searchable(text), "starts_on": starts_on, "ends_on": ends_on}


def _searchable(text):
    text = unicodedata.normalize("NFC", text).replace("ё", "е").replace("Ё", "Е")
    line = " ".join(_JOINED.sub("", text).lower().split())
    return (line.replace(" ", "") if re.fullmatch(r"[\d\s]+", line) else line)[:300]


def _days(text):
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text), date.fromisoformat(text)
        if _MONTH.fullmatch(text):
            first = date.fromisoformat(f"{text}-01")
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    except ValueError:
        pass
    return None, None


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_letters_that_did_not_arrive"), ("core", "0002_cache_and_search")]

    operations = [
        migrations.AlterField(
            model_name="intakefield",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "Text"), ("long", "Long"), ("number", "Number"), ("date", "Date"), ("month", "Month"),
                    ("period", "Period"), ("choice", "Choice"), ("check", "Check"), ("file", "File"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField("intakefield", "shown_when", models.JSONField(blank=True, default=dict)),
        migrations.AddField("intakefield", "required_when", models.JSONField(blank=True, default=dict)),
        migrations.AddField("intakefield", "pattern", models.CharField(blank=True, default="", max_length=200), False),
        migrations.AddField(
            "intakefield", "pattern_hint_ru", models.CharField(blank=True, default="", max_length=200), False
        ),
        migrations.AddField(
            "intakefield", "pattern_hint_en", models.CharField(blank=True, default="", max_length=200), False
        ),
        migrations.AddField("intakefield", "default", models.CharField(blank=True, default="", max_length=300), False),
        migrations.AddField("intakefield", "blank", models.SlugField(blank=True, default="", max_length=50), False),
        migrations.AddField("intakefield", "instead", models.SlugField(blank=True, default="", max_length=50), False),
        migrations.AddField("intakefield", "instead_ru", models.CharField(blank=True, default="", max_length=300), False),
        migrations.AddField("intakefield", "instead_en", models.CharField(blank=True, default="", max_length=300), False),
        migrations.AddField("queue", "example_ru", models.TextField(blank=True, default=""), False),
        migrations.AddField("queue", "example_en", models.TextField(blank=True, default=""), False),
        migrations.AddField(
            "stagedfile", "field", models.CharField(blank=True, db_default="", default="", max_length=50)
        ),
        migrations.CreateModel(
            name="FieldValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=50)),
                ("text", models.CharField(max_length=300)),
                ("number", models.BigIntegerField(null=True)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="field_values",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key", "text", "ticket"], name="field_value_text"),
                    models.Index(
                        condition=models.Q(("number__isnull", False)),
                        fields=["key", "number"],
                        name="field_value_number",
                    ),
                    models.Index(
                        condition=models.Q(("starts_on__isnull", False)),
                        fields=["key", "starts_on", "ends_on"],
                        name="field_value_days",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["text"], name="field_value_parts", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("ticket", "key"), name="field_value_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
