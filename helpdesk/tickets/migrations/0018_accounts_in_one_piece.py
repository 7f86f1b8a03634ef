"""Values of figures in groups, with dashes, stand in one piece where conditions look; days and months stay."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0017_event_seen")]
    operations = [
        migrations.RunSQL(
            r"""UPDATE tickets_fieldvalue SET text = regexp_replace(text, '[^0-9]', '', 'g')
                 WHERE text ~ '^[0-9][0-9 ‐-―-]*$' AND text ~ '[^0-9]' AND starts_on IS NULL
                   AND text !~ '^[0-9]{4}-[0-9]{2}(-[0-9]{2}|/.*)?$'""",
            migrations.RunSQL.noop,
        )
    ]
