import pytest

from tests.config.keeping.places import FILL, Place


@pytest.fixture(scope="module")
def filled(django_db_setup):
    """An installation with requests, files and letters; tests only look at it, or copy it."""
    place = Place("migrated")
    place.python(FILL)
    yield place
    place.remove()


@pytest.fixture
def places():
    """`places(like)` makes an installation that goes with the test: a copy, or an empty one."""
    made = []

    def make(like=None):
        made.append(Place(like))
        return made[-1]

    yield make
    for place in made:
        place.remove()


@pytest.fixture(scope="module")
def kept(filled, tmp_path_factory):
    """A backup of it, with what the command said."""
    folder = tmp_path_factory.mktemp("keeping") / "backup"
    code, out, error = filled.run("backup", folder)
    assert code == 0, error
    return folder, out, error
