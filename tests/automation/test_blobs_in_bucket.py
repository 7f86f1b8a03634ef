"""Contents that nothing refers to leave a bucket as they leave a folder; a real S3 server."""

from datetime import timedelta

import obstore
import pytest

from helpdesk.automation import blobs
from helpdesk.core import clock, files, files_bucket
from helpdesk.core.models import Blob
from tests.core.test_files_bucket import at_hand, bucket, forget_copies, objects, server

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def later(days=2):
    return clock.now() + timedelta(days=days)


def swept(stored, at):
    """One sweep, in the hour when this content has its turn."""
    return blobs.collect(at.replace(hour=int(stored.sha256[:2], 16) % 24))


def names(server, stored):
    return {name.removesuffix(stored.sha256) for name in objects(server) if name.endswith(stored.sha256)}


def test_what_nothing_refers_to_leaves_the_bucket_and_the_folder(bucket):
    kept, lost = files.store(b"young"), files.store(b"lost for good")
    files.ensure_rows([kept, lost])
    Blob.objects.filter(pk=lost.sha256).update(created_at=clock.now() - timedelta(days=9))
    Blob.objects.filter(pk=kept.sha256).update(created_at=later(days=9))
    assert swept(lost, later()) == (1, 13)
    assert names(bucket, lost) == {f"{blobs.ASIDE}/"}
    assert [path.name for path in at_hand()] == [kept.sha256]
    swept(lost, later(days=2))
    assert not names(bucket, lost)
    forget_copies()
    assert files.read(kept.sha256) == b"young"
    with pytest.raises(FileNotFoundError):
        files.read(lost.sha256)


def test_objects_without_a_row_are_found_without_fetching_them(bucket):
    stray = files.store(b"a transaction that failed")
    forget_copies()
    assert swept(stray, clock.now()) == (0, 0)
    assert len(names(bucket, stray)) == 1
    swept(stray, later())
    assert names(bucket, stray) == {f"{blobs.ASIDE}/"} and not at_hand()


def test_what_was_referred_to_in_the_moment_between_comes_back(bucket):
    stored = files.store(b"just in time")
    swept(stored, later())
    assert names(bucket, stored) == {f"{blobs.ASIDE}/"}
    files.ensure_rows([stored])
    swept(stored, clock.now())
    assert files.read(stored.sha256) == b"just in time"


def test_storing_an_old_content_again_makes_it_young(bucket, monkeypatch):
    stored = files.store(b"again")
    name = blobs._name(stored.sha256)
    first = files_bucket.about(bucket.url(), name)
    assert files.store(b"again") == stored and files_bucket.about(bucket.url(), name) == first
    monkeypatch.setattr(files_bucket, "_YOUNG", timedelta(0))
    puts = []
    real = obstore.put
    monkeypatch.setattr(obstore, "put", lambda *args, **more: puts.append(args[1]) or real(*args, **more))
    files.store(b"again")
    assert puts == [name] and files_bucket.about(bucket.url(), name).changed_at >= first.changed_at


def test_a_bucket_that_does_not_answer_loses_nothing(bucket, settings):
    stored = files.store(b"kept")
    settings.FILES_URL = "s3://a:b@helpdesk/files?endpoint=http://127.0.0.1:9"
    with pytest.raises(files_bucket.Unreachable):
        blobs.collect(later())
    settings.FILES_URL = bucket.url()
    assert files.read(stored.sha256) == b"kept"
