import pytest

from tests.factories import world


@pytest.fixture
def cast(db):
    """The cast; Dora sees all of her company."""
    return world(sees="company")
