"""What the desk's search asks of history and of the headers of letters is served by indexes."""

import django.db.models.fields.json
from django.db import migrations, models

# as helpdesk.tickets.finer writes it
HEADERS = """lower(from_address || ' ' || to_addresses::text || ' ' || cc_addresses::text || ' ' || message_id
    || ' ' || subject)"""
IS_LETTER = "(from_address <> '' OR message_id <> '')"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_cache_and_search"), ("tickets", "0033_held_answers")]

    operations = [
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(fields=["verb", "happened_at", "ticket"], name="event_verb"),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("queue", "new"),
                models.F("ticket"),
                condition=models.Q(("verb", "opened")),
                name="event_opened_in",
            ),
        ),
        migrations.RunSQL(
            f"CREATE INDEX article_headers ON tickets_article USING gin (({HEADERS}) gin_trgm_ops) WHERE {IS_LETTER}",
            "DROP INDEX article_headers",
        ),
    ]
