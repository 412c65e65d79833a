"""Every setting of the site, from the environment. docs/operations.md explains each variable."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from botocore.config import Config
from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from photosite import env, languages, logs, runfile
from photosite.localaws import sealed

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("PHOTOSITE_DATA_DIR", BASE_DIR / "var")
RUN = runfile.ensure(DATA_DIR)

# --- where the site is ------------------------------------------------------------------------------------
DEBUG = False
HOST = env.text("PHOTOSITE_HOST", "127.0.0.1")
PORT = env.whole("PHOTOSITE_PORT", 8000, least=1, most=65535)
PUBLIC_URL = env.origin("PHOTOSITE_PUBLIC_URL", f"http://localhost:{PORT}")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "localhost"
HTTPS = PUBLIC_URL.startswith("https://")
ON_LOOPBACK = env.is_loopback(HOST) and env.is_loopback(PUBLIC_HOST)
ALLOWED_HOSTS = list({PUBLIC_HOST, *(("localhost", "127.0.0.1", "[::1]") if env.is_loopback(HOST) else ())})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- database ---------------------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL")
SECRET_KEY = env.text("SECRET_KEY", "" if DATABASE_URL else RUN.django_secret)
if not SECRET_KEY:
    env.stop("SECRET_KEY is required when DATABASE_URL is set: make one with `openssl rand -base64 48`")

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "photosite.sqlite3",
    "CONN_MAX_AGE": None,  # a thread keeps its connection: to open one costs more than most of what is asked
    "TEST": {"NAME": DATA_DIR / "test.sqlite3"},  # a file: threads of a test could not share one in memory
    "OPTIONS": {
        "timeout": 20,
        # Deferred transactions that turn into writers fail at once with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    },
}


def _database(url: str) -> dict[str, Any]:
    if not url:
        return SQLITE
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    if not str(config["ENGINE"]).endswith(("postgresql", "sqlite3")):
        raise ValueError(url)
    if "postgresql" in str(config["ENGINE"]):
        # One connection a thread at most; no CONN_MAX_AGE beside a pool (Django refuses the pair late).
        config["OPTIONS"] = {
            "pool": {"min_size": 1, "max_size": 32, "timeout": 10},
            "connect_timeout": 5,
        } | config.get("OPTIONS", {})
    return config


DATABASES = {
    "default": env.parsed(
        "DATABASE_URL", "", _database, "a database address such as postgres://user:password@host/name"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- AWS: S3 and Rekognition ------------------------------------------------------------------------------
AWS = env.flag("PHOTOSITE_AWS")
if not AWS:
    sealed.seal(os.environ, RUN)
AWS_REGION = env.text("AWS_REGION", "us-west-2")
BUCKET = env.text("AWS_STORAGE_BUCKET_NAME", "photosite")
S3_ENDPOINT = env.url("AWS_ENDPOINT_URL_S3", "")
S3_PUBLIC_URL = env.url("PHOTOSITE_S3_PUBLIC_URL", S3_ENDPOINT)
REKOGNITION_ENDPOINT = env.url("AWS_ENDPOINT_URL_REKOGNITION", "")
S3_ACCESS_KEY, S3_SECRET_KEY = (
    (env.text("AWS_ACCESS_KEY_ID"), env.text("AWS_SECRET_ACCESS_KEY")) if not AWS else ("", "")
)  # only for the embedded server, which is told them at its start
EMBEDDED_S3 = RUN.s3_url == S3_ENDPOINT
EMBEDDED_RECOGNISER = RUN.recogniser_url == REKOGNITION_ENDPOINT
# Opens the recogniser's fault script and ledger, on loopback. For tests.
RECOGNISER_CONTROL_PORT = env.whole("PHOTOSITE_RECOGNISER_CONTROL_PORT", 0, most=65535)

S3_CONFIG = Config(
    signature_version="s3v4",  # django-storages would sign with SigV2, which newer buckets refuse
    s3={"addressing_style": "path" if S3_ENDPOINT else "virtual"},
    connect_timeout=2,
    read_timeout=8,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=32,
    # CRC32 of our own accord chokes some S3-compatible servers; originals carry their SHA-256 instead.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


def _bucket(prefix: str, **options: Any) -> dict[str, Any]:
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": BUCKET,
            "region_name": AWS_REGION,
            "location": prefix,
            "client_config": S3_CONFIG,
            "default_acl": None,
            "file_overwrite": True,  # keys are UUIDs; exists() would need ListBucket
            "max_memory_size": 4 * 1024 * 1024,  # 0 would read whole objects into memory
            **options,
        },
    }


STORAGES = {
    "originals": _bucket("originals"),
    "renditions": _bucket(
        "renditions", object_parameters={"CacheControl": "private, max-age=31536000, immutable"}
    ),
    "exports": _bucket("exports"),
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is stored by default
    "staticfiles": {"BACKEND": "photosite.statics.HashedStaticFiles"},
}

AVIF = env.flag("PHOTOSITE_AVIF")  # a large AVIF of each photo beside the JPEG, for browsers that ask for it

REKOGNITION_TPS = env.number("PHOTOSITE_REKOGNITION_TPS", 5 if AWS else 20, least=0.1)
MIN_CONFIDENCE = env.number("PHOTOSITE_MIN_CONFIDENCE", 55, most=100)
SHOWN_CONFIDENCE = 80  # what pages show and search when nobody says otherwise
# US dollars an image, first million a month, us-west-2, as of November 2026:
# https://aws.amazon.com/rekognition/pricing/
REKOGNITION_PRICES = {
    "DetectLabels": Decimal("0.00100"),
    "IMAGE_PROPERTIES": Decimal("0.00075"),  # on top of DetectLabels
    "DetectFaces": Decimal("0.00100"),
    "DetectModerationLabels": Decimal("0.00100"),
    "DetectText": Decimal("0.00100"),
    "RecognizeCelebrities": Decimal("0.00100"),
}
# What users may switch on for their photos besides labels, each at its price. On AWS none until somebody names it:
# it costs money, and the worker's role needs the permission (deploy/iam/worker-options.json).
KNOWN_OPTIONS = ("properties", "faces", "celebrities", "moderation", "text")
RECOGNITION_OPTIONS = env.some_of(
    "PHOTOSITE_RECOGNITION_OPTIONS", () if AWS else KNOWN_OPTIONS, allowed=KNOWN_OPTIONS
)
BUDGET_USD = env.money("PHOTOSITE_BUDGET_USD")  # a calendar month of the whole site, in UTC; None: no stop

# --- queue ------------------------------------------------------------------------------------------------
# Databases 0 and 1 of it are ours, whichever one the address names.
REDIS_URL = urlsplit(env.url("REDIS_URL", RUN.redis_url, ("redis", "rediss")))._replace(path="").geturl()
EMBEDDED_QUEUE = RUN.redis_url == REDIS_URL
BROKER_URL, CACHE_URL = f"{REDIS_URL}/0", f"{REDIS_URL}/1"
REDIS_TIMEOUTS = {"socket_timeout": 3, "socket_connect_timeout": 2, "health_check_interval": 15}
SWEEP_SECONDS = env.number("PHOTOSITE_SWEEP_SECONDS", 30, least=0.5)
PROBE_SECONDS = env.number("PHOTOSITE_PROBE_SECONDS", 60, least=1)  # between two tries of a refused operation
LEASE_SECONDS = env.number("PHOTOSITE_LEASE_SECONDS", 20, least=2)

CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # above the longest step, or it runs twice at once
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
    **REDIS_TIMEOUTS,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 180
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3  # less than the supervisor waits (photosite/processes.py)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "scheduler")
CELERY_BEAT_MAX_LOOP_INTERVAL = min(SWEEP_SECONDS, 5)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "gallery.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "images", "expires": SWEEP_SECONDS},
    }
}

CACHES = {
    "default": {
        "BACKEND": "accounts.cache.RedisOrMemoryCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": dict(REDIS_TIMEOUTS),
    }
}

# --- what a user may bring --------------------------------------------------------------------------------
QUOTA_BYTES = env.whole("PHOTOSITE_QUOTA_BYTES", 10 * 1024**3)
MAX_UPLOAD_BYTES = env.whole("PHOTOSITE_MAX_UPLOAD_BYTES", 200 * 1024**2, least=1)
MAX_IMPORT_BYTES = env.whole("PHOTOSITE_MAX_IMPORT_BYTES", 10 * 1024**3, least=1)  # of a zip file of photos
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR / "tmp")
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "gallery.intake.limits.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# --- Django -----------------------------------------------------------------------------------------------
ROOT_URLCONF = "photosite.urls"
WSGI_APPLICATION = "photosite.wsgi.application"
INSTALLED_APPS = [
    "photosite",
    "accounts",
    "gallery",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "ninja",
    "template_partials",
]
MIDDLEWARE = [
    "photosite.logs.RequestLog",
    "photosite.metrics.PageTimes",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.Preferences",
    "accounts.middleware.LeavesNothing",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.mail.shown_links",
            ]
        },
    }
]
# What nobody chose otherwise: a visitor whose browser asks for none of the languages, a user without a time zone.
LANGUAGE_CODE = "en"
TRANSLATIONS = env.text("PHOTOSITE_TRANSLATIONS")  # a folder with more languages (docs/translating.md)
LOCALE_PATHS = [*([TRANSLATIONS] if TRANSLATIONS else []), str(BASE_DIR / "locale")]
LANGUAGES = languages.found(LOCALE_PATHS, LANGUAGE_CODE)
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_SAMESITE = True, HTTPS, "Lax"
TIME_ZONE = env.zone("PHOTOSITE_TIME_ZONE", "UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("PHOTOSITE_STATIC_DIR") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are megabytes that only a debugger asks for: compressing them took most of the first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
METRICS_TOKEN = env.secret(
    "PHOTOSITE_METRICS_TOKEN", least=20
)  # opens /metrics; without one only staff see it
LOGGING = logs.LOGGING
LOGGING_CONFIG = "photosite.logs.configure"

# --- accounts ---------------------------------------------------------------------------------------------
SIGNUP = env.choice("PHOTOSITE_SIGNUP", "open", ("open", "invite", "closed"))
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"OPTIONS": {"user_attributes": ["email"]}}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 8}}),
        ("CommonPasswordValidator", {}),
    )
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Photosite: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_UNIQUE_EMAIL = True

# --- mail -------------------------------------------------------------------------------------------------


def _mail(url: str) -> dict[str, Any]:
    """Django's settings for a mail server; none for the console. Unknown schemes would be ignored by the parser."""
    if url.startswith("console:"):
        return {}
    found = dict(dj_email_url.parse(url))
    if not found.get("EMAIL_BACKEND"):
        raise ValueError(url)
    return found


MAIL = env.parsed(
    "EMAIL_URL", "console:", _mail, "a mail server such as smtp://user:password@host:587, or console:"
)
EMAIL_BACKEND = MAIL.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST", ""), MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER", ""), MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("PHOTOSITE_MAIL_FROM", f"photosite@{PUBLIC_HOST}")
# Without a mail server, on loopback only, the page shows the link that would have been mailed.
SHOW_MAILED_LINKS = ON_LOOPBACK and not MAIL

# --- the web's defences -----------------------------------------------------------------------------------
_public_s3 = urlsplit(S3_PUBLIC_URL or f"https://{BUCKET}.s3.{AWS_REGION}.amazonaws.com")
S3_ORIGIN = f"{_public_s3.scheme}://{_public_s3.netloc}"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", S3_ORIGIN],
        "connect-src": [SELF, S3_ORIGIN],
        "worker-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
if env.flag("PHOTOSITE_TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or the limits on sign-in would count all people as the proxy
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else f"session-{PORT}"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else f"csrf-{PORT}"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# The domain is the operator's: whether all of it is preloaded as https for ever is not ours to say.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if ON_LOOPBACK and not HTTPS:
    # Plain http on loopback, for one person on this machine: there is no TLS to insist on.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
