"""Settings: one file, every knob read from the environment, embedded defaults that just work."""

from importlib.resources import files
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config import env
from config.secret_key import stored_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# Who we are
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY") or stored_secret_key(VAR_DIR, get_random_secret_key)
# Seals stored credentials; another key, so that changing the one above loses none of them.
SECRETS_KEY = env.text("SECRETS_KEY") or stored_secret_key(
    VAR_DIR, get_random_secret_key, "secrets-key"
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]"))
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000")
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "config",
    "tracking",
    "databases",
    "config.admin.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "django_bootstrap5",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.kept_text.SignInKeepingText",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "config.navigation.navigation",
            ],
        },
    },
]

# Data. SQLite: IMMEDIATE is what keeps concurrent writers from failing; WAL alone does not.
DATABASES = {"default": env.database(f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR_DIR / "evidence"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# People
AUTH_USER_MODEL = "tracking.User"
AUTHENTICATION_BACKENDS = ["config.rights.Rights"]
LOGIN_URL = "tracking:sign-in"
LOGIN_REDIRECT_URL = "tracking:home"
LOGOUT_REDIRECT_URL = "tracking:sign-in"
CSRF_FAILURE_VIEW = "tracking.views.kept.csrf_failure"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Words and time. One zone, fixed: never the server's, the viewer's or the worker's.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
# Grouping is asked for where a number is read by people: a key in an address or a form is none.
USE_THOUSAND_SEPARATOR = False

# Assets, served by us
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/be-vietnam-pro", str(files("fontpkg_be_vietnam_pro") / "files")),
    ("vendor/bootstrap", str(files("bootstrap") / "css")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []

# Mail. Without a server of its own the portal keeps what it sends in the mailbox that it brings:
# config.mailbox.
MAILBOX_PORT = env.port("MAILBOX_PORT", 8025)
MAILBOX_DIR = VAR_DIR / "mailbox"
HAS_MAILBOX = not env.text("EMAIL_URL")
globals().update(env.email("EMAIL_URL", f"smtp://127.0.0.1:{MAILBOX_PORT}"))
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "portal@localhost")
EMAIL_TIMEOUT = 20
# How many messages a minute the server is asked to take, all senders together.
MAIL_PER_MINUTE = env.number("MAIL_PER_MINUTE", 600)
# For how long a sender holds what it took; longer than the longest talk about one message.
MAIL_LEASE_SECONDS = 180
# Files beyond this are not attached: the message leads to them.
MAIL_FILES_MAX_BYTES = 7_000_000
# Reminders are collected into one message a person, sent on working days from this time on.
REMINDERS_AT = "07:30"
REMINDERS_LATEST = "17:00"
# How late may a report be, and how long may a process of ours be silent, before operators are told?
REPORT_PATIENCE_MINUTES = 30
SILENCE_SECONDS = 180
# Dotted paths of callables (instant) -> Sign: what to watch beside the scheduler and the watch.
SIGNS_OF_LIFE = ["config.signs.pump"]
# The other way: not through the outbox, best not through the same server.
ALARM_ADDRESSES = env.words("ALARM_ADDRESSES")
ALARM_EMAIL = env.email(
    "ALARM_EMAIL_URL", env.text("EMAIL_URL") or f"smtp://127.0.0.1:{MAILBOX_PORT}"
)
ALARM_WEBHOOK = env.text("ALARM_WEBHOOK")

# Jobs. Nothing that must happen lives only in a broker; without Redis, files carry the bell.
REDIS_URL = env.text("REDIS_URL")
QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if not REDIS_URL:
    for part in ("messages", "processed", "control"):
        (QUEUE_DIR / part).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
# A worker takes one job at a time, so that a kick never waits behind a pump at work.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# Probes. Where stand-ins may be reached in a zone for tests, and where they listen.
PROBE_ALLOWED_NETWORKS = env.networks("PROBE_ALLOWED_NETWORKS", ("127.0.0.0/8",))
PARTNERS_PORT = env.port("PARTNERS_PORT", 8440)
# How many pumps the workers run between them; a pump of its own process is not held back.
PUMPS_MOST = 2
# For how long is what a pump claims its own? Longer than the longest time-out and the way back.
PUMP_LEASE_SECONDS = 90
PUMP_JOB_SECONDS = 50  # that a pump claims when a worker runs it
# How long is what was seen kept? Days; of checks on SQLite one, since it has no partitions.
CHECKS_KEPT_DAYS = 30 if DATABASES["default"]["ENGINE"].endswith("postgresql") else 1
HOURS_KEPT_DAYS = 400
DAYS_KEPT_DAYS = 3_660

# The staff portal
DJANGO_TABLES2_TEMPLATE = "_table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table"}
# Dotted paths of callables (Task, Viewpoint, User) -> TaskPanel | None: what the page of a task
# shows that others know of it; tracking.pages.task_panels.
TASK_PANELS = ["databases.pages.task_panel.connection"]
# Dotted paths of callables (Viewpoint) -> Tile: what the first page shows beside the tasks.
OVERVIEW_TILES = ["databases.pages.tiles.open_tile", "databases.pages.tiles.matrix_tile"]
# Dotted paths of callables (Question, reader, how many at most) -> groups: what a search finds of
# others; tracking.pages.search.
SEARCH_PROVIDERS = ["databases.pages.search.found_in_databases"]

# The progress list
PROGRESS_LIST_ANNEXES = ["databases.annexes.stages", "databases.annexes.contradictions"]
# How many hours something is so before it is held against anybody, where it is not the rules' own
# measure: databases.rules.declared_and_seen.Patience.
CONTRADICTION_PATIENCE: dict[str, float] = {}
# 12 = 4 connected + 7 upgrading + 1 upgrading two interfaces is said of this counterpart.
STAGES_COUNTED_FOR = "CSDLQG-DC"
DUE_SOON_DAYS = 7
STALE_WORKING_DAYS = 10
EVIDENCE_MAX_BYTES = 20_000_000
# Dotted path of a callable that is given the open file and returns "" or what it found; empty: no
# scanner. One that does not answer in time refuses the file: tracking.actions.scanning.
EVIDENCE_SCANNER = env.text("EVIDENCE_SCANNER")
EVIDENCE_SCANNER_SECONDS = 30
IMPORT_MAX_BYTES = 10_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"tracking": {"level": "INFO"}, "databases": {"level": "INFO"}},
}
