"""The product's own settings with what makes tests quick: a weak hash, no manifest of assets, memory for throttles."""

import os
import tempfile

os.environ.setdefault("HELPDESK_DATA", tempfile.mkdtemp(prefix="helpdesk-test-"))
os.environ.setdefault("HELPDESK_SECRET_KEY", "only-for-tests")
os.environ.setdefault("HELPDESK_URL", "http://testserver")

from helpdesk.config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATABASES["default"]["OPTIONS"] = {"server_side_binding": True}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
# the session's cluster holds a migrated database: a worker's own is a copy of it, and only what is new is applied
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("HELPDESK_TEST_TEMPLATE") or None}
