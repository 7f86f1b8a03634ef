"""The settings of Django. What an operator may set is read from the environment; the names stand in the contract."""

import contextlib
import errno
import hashlib
import os
import secrets
from pathlib import Path

from helpdesk.config import address, env
from helpdesk.core.backend.pooled import Watched

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("HELPDESK_DATA", "./var")).resolve()
DEBUG = env.flag("HELPDESK_DEBUG")


def _secret_key() -> str:
    """The key of the environment, else one made once and kept beside the data."""
    if key := env.text("HELPDESK_SECRET_KEY"):
        return key
    try:
        return _kept_key(DATA_DIR / "secret.key")
    except (OSError, UnicodeDecodeError) as error:
        wrong = env.SettingError(
            f"HELPDESK_DATA={str(DATA_DIR)!r}: accepted is a folder of this user; its secret.key cannot be read or made"
            f" ({getattr(error, 'strerror', None) or error})."
        )
        return env.refuse(wrong, secrets.token_urlsafe(48), cause=error)


def _kept_key(path: Path) -> str:
    if DATA_DIR.exists() and not DATA_DIR.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not path.exists():
        if env.only_looking():
            return secrets.token_urlsafe(48)  # for as long as this process looks
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.touch(mode=0o600, exist_ok=False)
        temporary.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # the first of two starters wins, nobody sees half a key
        temporary.unlink()
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = _secret_key()
PUBLIC_URL = address.public(DATA_DIR)
_SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = ["*"]  # links never follow the Host header: they are made of PUBLIC_URL
TRUSTED_PROXIES = env.whole("HELPDESK_TRUSTED_PROXIES", 0, low=0, high=10)

# who may read /metrics: from these networks, or with this token; nobody by default
METRICS_ALLOW = env.networks("HELPDESK_METRICS_ALLOW")
METRICS_TOKEN = env.text("HELPDESK_METRICS_TOKEN")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "helpdesk.core",
    "helpdesk.accounts",
    "helpdesk.tickets",
    "helpdesk.search",
    "helpdesk.notices",
    "helpdesk.mail",
    "helpdesk.automation",
    "helpdesk.knowledge",
    "helpdesk.web",
    "helpdesk.portal",
    "helpdesk.desk",
    "helpdesk.demo",
]

MIDDLEWARE = [
    "helpdesk.config.metrics.requests.Measured",
    "helpdesk.web.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "helpdesk.accounts.middleware.Authentication",
    "helpdesk.web.middleware.Locale",
    "helpdesk.web.looking.OnlyLooking",
    "helpdesk.web.methods.MethodPage",
    "helpdesk.config.limits.BodyLimit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "helpdesk.accounts.middleware.NoStore",
    "helpdesk.accounts.middleware.SessionLimits",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "helpdesk.config.urls"
DOCTOR = (
    "helpdesk.config.health.doctor.examine_with_remarks"  # for the administrators' page, whose room may not import it
)
WSGI_APPLICATION = "helpdesk.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"environment": "helpdesk.web.jinja.environment"},
    },
    # allauth asks for Django's own engine to exist; no page of ours is written in it
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

_url = env.text("DATABASE_URL")
_database = env.database(_url) if _url else {"ENGINE": env.ENGINE, "NAME": "helpdesk", "EXTRA": {}}
_options: dict[str, object] = dict(_database.pop("EXTRA"))  # type: ignore[call-overload]
THREADS = env.whole("HELPDESK_THREADS", 4, high=64)
DATABASES = {
    "default": {
        **_database,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_options,
            # the pool's bound is threads + 2 a process; it opens with the first query, never before a fork
            "pool": {"min_size": 1, "max_size": THREADS + 2, "timeout": 10, "connection_class": Watched},
            "server_side_binding": True,
            # the statements of pages are few: planned once a connection, not with every request
            "prepare_threshold": 2,
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["helpdesk.accounts.backends.LoginOrAddress"]
PASSWORD_HASHERS = ["helpdesk.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

SESSION_ENGINE = "helpdesk.accounts.session_store"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_NAME = "__Host-session" if _SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _SECURE else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "helpdesk.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a session is a row: no write for a word

LANGUAGE_CODE = env.choice("HELPDESK_LANGUAGE", "ru", ("ru", "en"))
LANGUAGES = [("ru", "Русский"), ("en", "English")]
TIME_ZONE = env.zone("HELPDESK_TIME_ZONE", "Europe/Moscow")
USE_I18N = True
# our catalogues before those of libraries: the words of the contract win
LOCALE_PATHS = sorted(BASE_DIR.glob("*/locale"))
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "helpdesk.web.storage.Hashed"},
}

MAX_FILE_MB = env.whole("HELPDESK_MAX_FILE_MB", 25, high=2_000)
MAX_POST_MB = env.whole("HELPDESK_MAX_POST_MB", 100, high=10_000)
SEND_DELAY = env.whole("HELPDESK_SEND_DELAY", 15, low=0, high=300)  # seconds in which a sent answer can be taken back
FILES_URL = env.files("HELPDESK_FILES_URL", DATA_DIR / "files")
EMAIL_URL = env.text("HELPDESK_EMAIL_URL")
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # text of a form; files have a limit of their own
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 300
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

# allauth: only sign-in, our pages, our letters
ACCOUNT_ADAPTER = "helpdesk.accounts.adapter.Adapter"
ACCOUNT_FORMS = {"login": "helpdesk.accounts.forms.SignIn"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "address_check": "10/h/user",
}
USERSESSIONS_TRACK_ACTIVITY = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "senders": {"()": "helpdesk.config.logs.SendersMistakes"},
        "away": {"()": "helpdesk.config.logs.DatabaseAway"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["senders", "away"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"helpdesk": {"level": "INFO"}, "psycopg.pool": {"level": "ERROR"}},
}

# changes with every start of the code: lets caches of pages and assets know that they are old
BUILD = hashlib.sha256(str(Path(__file__).stat().st_mtime_ns).encode()).hexdigest()[:8]
