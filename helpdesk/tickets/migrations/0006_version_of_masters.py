from django.db import migrations, models

_TABLES = ("tickets_queue", "tickets_state", "tickets_priority", "tickets_category")
_FUNCTION = """
CREATE FUNCTION tickets_masters_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_masterversion (id, value) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET value = excluded.value;
    RETURN NULL;
END $$;
INSERT INTO tickets_masterversion (id, value) VALUES (1, gen_random_uuid());
"""
_TRIGGER = """
CREATE TRIGGER masters_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_masters_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_lists_from_the_index")]

    operations = [
        migrations.CreateModel(
            name="MasterVersion",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("value", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(
            _FUNCTION + "".join(_TRIGGER.format(table=table) for table in _TABLES),
            "".join(f"DROP TRIGGER masters_changed ON {table};" for table in _TABLES)
            + "DROP FUNCTION tickets_masters_changed();",
        ),
    ]
