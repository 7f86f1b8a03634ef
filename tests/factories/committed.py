"""Takes away what a test has committed: the tables hold what the migrations wrote, and nothing else is touched."""

import pickle
import time

import django.test
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.sql import SQL, Identifier

WRITTEN_BY_TRIGGERS = {"tickets_masterversion", "notices_bannerversion"}
KEPT = "kept"  # a schema beside the product's own, with copies of the rows that migrations wrote
_made = {}  # by the schema that holds copies of the rows: what was made of them
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
        """Until it holds: the last word of a page that has just been closed may still be written by the server."""
        for left in reversed(range(10)):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    _restore(cursor)
            except (IntegrityError, OperationalError):
                if not left:
                    raise
                time.sleep(0.2)
            else:
                return


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
        _copy_into(cursor, KEPT, name)


def _copy_into(cursor, schema, name):
    cursor.execute(SQL("CREATE TABLE {0}.{1} AS TABLE public.{1}").format(Identifier(schema), Identifier(name)))


def _restore(cursor):
    tables, kept = _tables(cursor, "public"), _tables(cursor, KEPT)
    touched = [
        name for name in {*_full(cursor, tables), *kept} if name not in kept or _changed(cursor, name, tables[name])
    ]
    for name in touched:
        cursor.execute(SQL("DELETE FROM public.{}").format(Identifier(name)))
    for name in touched:
        if name in kept:
            _copy(cursor, KEPT, name, tables[name])


def _changed(cursor, name, columns):
    cursor.execute(
        SQL(
            "SELECT EXISTS ((SELECT {2} FROM public.{0} EXCEPT ALL SELECT {2} FROM {1}.{0}) UNION ALL"
            " (SELECT {2} FROM {1}.{0} EXCEPT ALL SELECT {2} FROM public.{0}))"
        ).format(Identifier(name), Identifier(KEPT), SQL(", ").join(map(Identifier, columns)))
    )
    return cursor.fetchone()[0]


def once(schema, make):
    """What `make` commits, beginning with the migrations' rows, and gives. The next test that asks gets the rows (but
    for jobs, which nobody works on) and a copy of the objects, in a tenth of the time."""
    if schema in _made:
        with transaction.atomic(), connection.cursor() as cursor:
            _put_back(cursor, schema)
        return pickle.loads(_made[schema])
    made = make()
    with transaction.atomic(), connection.cursor() as cursor:
        tables, kept = _tables(cursor, "public"), _tables(cursor, KEPT)
        names = [name for name in _full(cursor, tables) if name not in kept or _changed(cursor, name, tables[name])]
        cursor.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
        for name in names:
            if not name.startswith("procrastinate_"):
                _copy_into(cursor, schema, name)
    _made[schema] = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    return made


def _put_back(cursor, schema):
    tables, kept = _tables(cursor, "public"), _tables(cursor, KEPT)
    for name in _tables(cursor, schema):
        if name in kept:
            cursor.execute(SQL("DELETE FROM public.{}").format(Identifier(name)))
        _copy(cursor, schema, name, tables[name])


def _copy(cursor, schema, name, columns):
    """Rows from a schema of copies; without those columns that the database computes."""
    cursor.execute(
        SQL("INSERT INTO public.{0} ({2}) SELECT {2} FROM {1}.{0}").format(
            Identifier(name), Identifier(schema), SQL(", ").join(map(Identifier, columns))
        )
    )
