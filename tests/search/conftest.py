import pytest

from tests.factories import world


@pytest.fixture(scope="module")
def _cast(keep):
    return keep(lambda: world(sees="company"))


@pytest.fixture
def cast(_cast, db):
    """The cast; Dora sees all of her company."""
    return _cast()


@pytest.fixture(autouse=True)
def _files(own_files):
    pass
