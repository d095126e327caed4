"""Settings of the portal, all from the environment: apps, data, security, files, mail, jobs, locale, logging.

Every name may be given as NAME or, for secrets, as NAME_FILE (a path to a file that holds the value).
"""

import os
import secrets
import sys
from pathlib import Path

import django_stubs_ext
import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

django_stubs_ext.monkeypatch(extra_classes=[FilterSet])

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)


def kept_secret(name: str) -> str:
    """The secret from the environment; outside production one is made once and kept in DATA_DIR."""
    given = env.str(name, default="")
    if given:
        return str(given)
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set in production.")
    path = DATA_DIR / f"{name.lower()}.txt"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


# ---------------------------------------------------------------- apps
ROOT_URLCONF = "kmop.urls"
WSGI_APPLICATION = "kmop.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "kmop.shared",
    "kmop.audit",
    "kmop.notifications",
    "kmop.accounts",
    "partners",
    "projects",
    "beneficiaries",
    "reports",
]
MIDDLEWARE = [
    "kmop.shared.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kmop.shared.middleware.LanguageMiddleware",
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
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kmop.menu.menu",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "kmop.shared.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FILTERS_EMPTY_CHOICE_LABEL = _("All")
HOME_ORGANISATION = env.str("HOME_ORGANISATION", default="KMOP")

# ---------------------------------------------------------------- data
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}
REDIS_URL = env.str("REDIS_URL", default="")
CACHE_URL = env.str("CACHE_URL", default="")
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = dict(SQLITE_OPTIONS)
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DB_NAME", default=None)}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Statements here take milliseconds; compiling them took a hundred times as long.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DB_NAME", default="test_kmop")}
DATABASE_ROUTERS = ["kmop.shared.routers.CacheRouter"]
# Rate counters and sessions lie outside the main database: in Redis, else in a small database of their own.
CACHE_DATABASE = "default"
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
elif CACHE_URL == "locmem://":
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
else:
    CACHE_DATABASE = "cache"
    DATABASES["cache"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "cache.sqlite3",
        "OPTIONS": dict(SQLITE_OPTIONS),
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_entries",
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.db"

# ---------------------------------------------------------------- security
SECRET_KEY = kept_secret("SECRET_KEY")
SENSITIVE_KEY = kept_secret("SENSITIVE_KEY")  # encrypts sensitive feedback; keep it apart from the backups
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_FAILURE_VIEW = "kmop.shared.api.roots.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAL_URL = env.str("PORTAL_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "kmop.shared.access.RuleBackend"]
PASSWORD_HASHERS = ["kmop.shared.hashers.PortalArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kmop.accounts.views.sign_in.InvitedOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "10/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
if env.bool("PRODUCTION_HTTPS", default=PRODUCTION):
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
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
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies in front add to X-Forwarded-For

# ---------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # favicon.ico and robots.txt
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", default=str(DATA_DIR / "files")))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEGABYTE = 1024 * 1024
UPLOAD_LIMITS = {"evidence": 25 * MEGABYTE, "feedback": 10 * MEGABYTE, "import": 100 * MEGABYTE}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * MEGABYTE
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# ---------------------------------------------------------------- mail
MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail:")
MAIL_KEEP_DAYS = env.int("MAIL_KEEP_DAYS", default=30)  # of that folder
EMAIL_FILE_PATH = str(MAIL_FOLDER)
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL", False))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="KMOP Resilience Portal <portal@kmop.example>")

# ---------------------------------------------------------------- jobs
BROKER_FOLDER = DATA_DIR / "broker"
JOB_HEARTBEAT_SECONDS = env.int("JOB_HEARTBEAT_SECONDS", default=10)
JOB_LOST_AFTER_SECONDS = env.int("JOB_LOST_AFTER_SECONDS", default=60)
JOB_RING_AGAIN_SECONDS = env.int("JOB_RING_AGAIN_SECONDS", default=20)
JOB_TRIES = env.int("JOB_TRIES", default=5)
JOB_KEEP_DAYS = env.int("JOB_KEEP_DAYS", default=30)
JOB_TICK_SECONDS = env.int("JOB_TICK_SECONDS", default=60)
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "now"
CELERY_TASK_PUBLISH_RETRY = False  # the tick rings again; a dead broker must not hold up the act
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_URL = REDIS_URL or "bells://"  # kmop.shared.bells: files in DATA_DIR
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"socket_connect_timeout": 2, "socket_timeout": 10}
else:
    for _name in ("bells", "processed", "control"):
        (BROKER_FOLDER / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "bells"),
        "data_folder_out": str(BROKER_FOLDER / "bells"),
        "processed_folder": str(BROKER_FOLDER / "processed"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "store_processed": True,  # else messages pass through the system's temporary folder
        "polling_interval": 0.1,
    }
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "shared.tasks.tick",
        "schedule": float(JOB_TICK_SECONDS),
        "options": {"expires": max(JOB_TICK_SECONDS - 1, 5), "queue": "now"},
    }
}

# ---------------------------------------------------------------- REST
API_RATE_CLIENT = env.int("API_RATE_CLIENT", default=6000)
API_RATE_ADDRESS = env.int("API_RATE_ADDRESS", default=1200)
PUBLIC_POSTS_PER_ADDRESS = env.int("PUBLIC_POSTS_PER_ADDRESS", default=300)
IDEMPOTENCY_KEEP_DAYS = 30
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partners.api.authentication.TokenAuthentication",
        "kmop.shared.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["kmop.shared.api.permissions.DeclaredPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["kmop.shared.api.throttling.PortalThrottle"],
    "DEFAULT_PAGINATION_CLASS": "kmop.shared.api.pagination.PortalCursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["kmop.shared.api.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "kmop.shared.api.schema.PortalSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "kmop.shared.api.renderers.PortalNegotiation",
    "DEFAULT_PARSER_CLASSES": ["kmop.shared.api.parsers.PortalJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "kmop.shared.api.problems.problem_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "KMOP Resilience Portal",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": STATIC_URL + "mark.svg",
    "POSTPROCESSING_HOOKS": ["kmop.shared.api.schema.tell_problems"],
    "COMPONENT_SPLIT_REQUEST": True,
}

# ---------------------------------------------------------------- the field's own thresholds
ON_PLAN_THRESHOLD = env.str("ON_PLAN_THRESHOLD", default="0.95")
SMALL_CELL = env.int("SMALL_CELL", default=5)
ANSWER_DAYS = env.int("ANSWER_DAYS", default=7)
CONFIRMATIONS_NEEDED = 5

# ---------------------------------------------------------------- locale
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("el", _("Greek"))]
PUBLIC_LANGUAGES = ["el", "en", "ar"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Athens")
USE_TZ = True
USE_I18N = True

# ---------------------------------------------------------------- logging
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ],
    logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
