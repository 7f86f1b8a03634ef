"""The cluster that the tests themselves run on."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_session_cluster_has_what_the_product_needs():
    with connection.cursor() as cursor:
        cursor.execute("select name from pg_available_extensions where name in ('pg_trgm', 'btree_gin')")
        assert len(cursor.fetchall()) == 2
        cursor.execute(
            "select to_tsvector('russian', 'Заявками') @@ to_tsquery('russian', 'заявка'), current_setting('fsync')"
        )
        assert cursor.fetchone() == (True, "off")
