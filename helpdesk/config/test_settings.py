"""The product's own settings with what makes tests quick: a weak hash, no manifest of assets, memory for throttles."""

import atexit
import os
import shutil
import tempfile


def _room() -> str:
    """A folder in memory where there is one with 2 GB left: what tests write need not outlive them."""
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108
    except OSError:
        return "/tmp"  # noqa: S108
    return "/dev/shm" if found.f_bavail * found.f_frsize > 2e9 and os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108


def _forget(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # not in what was forked from it
        shutil.rmtree(folder, ignore_errors=True)


TEST_ROOM = _room()
if not os.environ.get("HELPDESK_DATA"):
    os.environ["HELPDESK_DATA"] = tempfile.mkdtemp(prefix="helpdesk-tests-", dir=TEST_ROOM)
    atexit.register(_forget, os.environ["HELPDESK_DATA"], os.getpid())
os.environ.setdefault("HELPDESK_SECRET_KEY", "only-for-tests")
os.environ.setdefault("HELPDESK_SEND_DELAY", "0")  # answers go at once but where their waiting is tested
os.environ.setdefault("HELPDESK_URL", "http://testserver")

from helpdesk.config.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# no pool: a test's transaction is its connection's; statements are planned as seldom as by the product
DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 2}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
# the session's cluster holds a migrated database: a worker's own is a copy of it, and only what is new is applied
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("HELPDESK_TEST_TEMPLATE") or None}
