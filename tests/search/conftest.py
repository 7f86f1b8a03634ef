import pytest

from tests.factories import world


@pytest.fixture
def cast(db):
    """The cast; Dora sees all of her company."""
    return world(sees="company")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_URL = f"file://{tmp_path}/files"
