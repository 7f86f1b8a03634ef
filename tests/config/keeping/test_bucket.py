"""Files in a bucket: saved from it, brought back into another, nothing left on the machine."""

import hashlib

import pytest

from helpdesk.core import files_bucket
from tests.config.keeping.places import FILL, contents
from tests.config.keeping.test_restored import one_line
from tests.core.test_files_bucket import server  # noqa: F401  a fixture

pytestmark = pytest.mark.e2e


def held(url):
    """What a bucket holds: the name of each object, and a hash of its content."""
    return {
        found.name: hashlib.sha256(b"".join(files_bucket.fetch(url, found.name))).hexdigest()
        for found in files_bucket.listed(url, "")
    }


def test_files_of_a_bucket_come_back_into_another(server, places, tmp_path):  # noqa: F811
    place, copy = places("migrated"), places()
    place.more["HELPDESK_FILES_URL"] = server.url()
    copy.more["HELPDESK_FILES_URL"] = other = server.url().replace("/files?", "/moved?")
    place.python(FILL)
    code, _, error = place.run("backup", tmp_path / "b")
    assert code == 0, error
    code, _, error = copy.run("restore", tmp_path / "b")
    assert code == 0, error
    assert held(other) == held(server.url()) != {}
    assert {name.rpartition("/")[2] for name in contents(tmp_path / "b" / "files")} == set(held(other).values())
    assert not list(copy.home.glob("files-at-hand/??/??/*"))
    assert "there are files already" in one_line(places_error(places, other, tmp_path / "b"))
    server.stop()
    code, _, error = place.run("backup", tmp_path / "c")
    assert (code, "cannot be used" in one_line(error)) == (1, True)
    assert not (tmp_path / "c").exists()
    server.start()


def places_error(places, url, backup):
    """What a restore into a bucket that holds something says."""
    place = places()
    place.more["HELPDESK_FILES_URL"] = url
    code, _, error = place.run("restore", backup)
    assert code == 1
    return error
