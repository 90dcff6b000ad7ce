"""Django's settings, derived from the configuration (`plaudit.foundation.config`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from plaudit.foundation import config as configuration
from plaudit.foundation import logs, mail, postgres
from plaudit.foundation.access.limits import of_keys
from plaudit.foundation.languages import ENGLISH

_config = configuration.load()
_dsns = postgres.dsns(database=_config.database_name)

SECRET_KEY = configuration.secret_key(_config)
DEBUG = _config.debug
ALLOWED_HOSTS = [host.strip() for host in _config.allowed_hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "plaudit.surfaces.design.apps.ServedFilesConfig",
    "django_htmx",
    "procrastinate.contrib.django",
    "plaudit.foundation",
    "plaudit.people",
    "plaudit.activity",
    "plaudit.ledger",
    "plaudit.earning",
    "plaudit.rewards",
    "plaudit.membership",
    "plaudit.engagement",
    "plaudit.recognition",
    "plaudit.learning",
    "plaudit.surveys",
    "plaudit.listening",
    "plaudit.cases",
    "plaudit.credentials",
    "plaudit.targeting",
    "plaudit.planning",
    "plaudit.outreach",
    "plaudit.insights",
    "plaudit.surfaces.api",
    "plaudit.surfaces.design",
    "plaudit.surfaces.live",
    "plaudit.surfaces.portal",
    "plaudit.surfaces.console",
    "plaudit.surfaces.public",
]

MIDDLEWARE = [
    "plaudit.foundation.access.middleware.EveryAnswer",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "plaudit.surfaces.design.compressing.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "plaudit.foundation.access.languages.Spoken",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "plaudit.surfaces.api.asked.Noted",
    "plaudit.surfaces.api.middleware.BoundedBodies",
    "plaudit.people.middleware.WhoIsAsking",
    "plaudit.surfaces.portal.framing.Framed",
    "plaudit.surfaces.console.framing.Framed",
]

ROOT_URLCONF = "plaudit.urls"
WSGI_APPLICATION = "plaudit.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "plaudit.surfaces.design.context.design",
            ],
        },
    }
]


def _database(conninfo: str, *, pool: bool) -> dict[str, Any]:
    """Django's form of a libpq connection string."""
    parts = {name: str(value) for name, value in conninfo_to_dict(conninfo).items() if value is not None}
    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        # Statements are prepared where they ask for it, see `foundation.prepared`; others never are.
        "OPTIONS": {**parts, "prepare_threshold": 0},
    }
    if pool:
        # After a failed try the pool waits twice as long as before, up to `reconnect_timeout`; then the next
        # request tries at once. So a database that was away for minutes is found again within a second or two.
        database["OPTIONS"]["pool"] = {"min_size": 0, "max_size": 24, "timeout": 5, "reconnect_timeout": 1}
    return database


DATABASES = {
    "default": _database(_dsns.app, pool=True),
    "owner": _database(_dsns.owner, pool=False),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/sign-in"
REFUSAL_TEMPLATE = "portal/refusal.html"

LANGUAGE_CODE = ENGLISH
LANGUAGES = [(ENGLISH, "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "plaudit_language"
LOCALE_PATHS = [str(Path(__file__).parent / "locale")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = str(configuration.home(_config) / "static")
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
HOME = Path(configuration.home(_config))

# Browsers send cookies back over https alone wherever Plaudit is reached that way; a test machine may not be.
_https = _config.base_url.startswith("https://")
TRUSTED_PROXIES = _config.trusted_proxies
SESSION_ENGINE = "plaudit.people.sessions"
SESSION_COOKIE_NAME = "__Host-plaudit" if _https else "plaudit"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "__Host-plaudit-form" if _https else "plaudit-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "plaudit.foundation.access.problems.form_expired"
CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https and TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # activity and files are read in pieces, and bounded by themselves
BASE_URL = _config.base_url.rstrip("/") or f"http://localhost:{_config.port}"
DEFAULT_FROM_EMAIL = mail.sender(_config.mail_from, _config.base_url)
globals().update(mail.mail_settings(_config.mail_url.get_secret_value() if _config.mail_url else None))

STREAMS = _config.streams
RATE_LIMITS = {"key": of_keys(_config.requests_a_minute)}
LOGGING_CONFIG = None
logs.write_lines_of_json()
