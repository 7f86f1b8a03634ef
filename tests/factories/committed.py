"""Takes away what a test has committed: the tables hold what the migrations wrote, and nothing else is touched."""

import django.test
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

WRITTEN_BY_TRIGGERS = {"tickets_masterversion", "notices_bannerversion"}
KEPT = "kept"  # a schema beside the product's own, with copies of the rows that migrations wrote
_TABLES = """
    SELECT class.relname, array_agg(attname ORDER BY attnum)
    FROM pg_class class JOIN pg_attribute ON attrelid = class.oid AND attnum > 0 AND NOT attisdropped
         AND attgenerated = ''
    WHERE relkind = 'r' AND relnamespace = %s::regnamespace GROUP BY 1
"""


class Committing(django.test.TransactionTestCase):
    """Django's own empties every table of the product and writes the migrations' rows anew, row by row."""

    @classmethod
    def _fixture_setup(cls):
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regnamespace(%s)", [KEPT])
            if cursor.fetchone()[0] is None:
                with transaction.atomic():
                    _keep(cursor)
        super()._fixture_setup()

    def _fixture_teardown(self):
        with transaction.atomic(), connection.cursor() as cursor:
            _restore(cursor)


def _tables(cursor, schema):
    cursor.execute(_TABLES, [schema])
    return {name: columns for name, columns in cursor.fetchall() if name not in WRITTEN_BY_TRIGGERS}


def _full(cursor, names):
    """Those with a row in them."""
    asked = [
        SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(name, Identifier(name)) for name in sorted(names)
    ]
    cursor.execute(SQL(" UNION ALL ").join(asked))
    return [name for (name,) in cursor.fetchall()]


def _keep(cursor):
    cursor.execute(SQL("CREATE SCHEMA {}").format(Identifier(KEPT)))
    for name in _full(cursor, _tables(cursor, "public")):
        cursor.execute(SQL("CREATE TABLE {0}.{1} AS TABLE public.{1}").format(Identifier(KEPT), Identifier(name)))


def _restore(cursor):
    tables, kept = _tables(cursor, "public"), _tables(cursor, KEPT)
    touched = [
        name for name in {*_full(cursor, tables), *kept} if name not in kept or _changed(cursor, name, tables[name])
    ]
    for name in touched:
        cursor.execute(SQL("DELETE FROM public.{}").format(Identifier(name)))
    for name in touched:
        if name in kept:
            columns = SQL(", ").join(map(Identifier, tables[name]))
            cursor.execute(
                SQL("INSERT INTO public.{0} ({2}) SELECT {2} FROM {1}.{0}").format(
                    Identifier(name), Identifier(KEPT), columns
                )
            )


def _changed(cursor, name, columns):
    cursor.execute(
        SQL(
            "SELECT EXISTS ((SELECT {2} FROM public.{0} EXCEPT ALL SELECT {2} FROM {1}.{0}) UNION ALL"
            " (SELECT {2} FROM {1}.{0} EXCEPT ALL SELECT {2} FROM public.{0}))"
        ).format(Identifier(name), Identifier(KEPT), SQL(", ").join(map(Identifier, columns)))
    )
    return cursor.fetchone()[0]
