"""All settings; the environment decides what differs between machines (see .env.example)."""

from datetime import timedelta
from urllib.parse import urlsplit

from api_schema.settings import SPECTACULAR
from backend import databases, env, keys, storage

_env = env.read()

BASE_DIR = env.BASE_DIR
DATA_DIR = _env.data_dir
APP_MODE = _env.mode.value
PRODUCTION = _env.mode is env.Mode.PRODUCTION
DEBUG = _env.debug
SECRET_KEY = _env.secret_key or keys.kept(DATA_DIR / "secrets" / "secret_key")
JWT_SIGNING_KEY = _env.jwt_signing_key or keys.kept(DATA_DIR / "secrets" / "jwt_signing_key")

# Where the service listens, and what the world calls it.
HOST = _env.host
PORT = _env.port
HTTPS = _env.https
PUBLIC_URL = _env.public_url
ALLOWED_HOSTS = _env.allowed_hosts
TRUSTED_PROXIES = _env.trusted_proxies
WEB_PROCESSES = _env.web_processes
WEB_THREADS = _env.web_threads

INSTALLED_APPS = [
    "backend.accounts.office.OfficeConfig",
    # Before Django's own, whose command ``changepassword`` it replaces.
    "backend.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "backend.operations",
    "backend.audit",
    "markets",
    "inspections",
    "api_schema",
]

MIDDLEWARE = [
    "backend.common.middleware.RequestId",
    "backend.operations.middleware.AccessLog",
    "backend.operations.middleware.Headers",
    "backend.common.middleware.Language",
    "backend.operations.middleware.RefuseNul",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backend.operations.middleware.CompressText",
    # Refuses a host that is not ours.
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": databases.configuration(
        _env.database_url,
        data_dir=DATA_DIR,
        synchronous=_env.sqlite_synchronous,
        pool=_env.database_pool,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
# Where a sign-in ends that was not on its way to another page of ours.
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_HASHERS = ["backend.accounts.passwords.Argon2id"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "backend.accounts.passwords.MaximumLengthValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

# Moments are stored in UTC and printed in the time of the market.
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
FORMAT_MODULE_PATH = ["backend.common.formats"]
LOCALE_PATHS = [BASE_DIR / "backend" / "common" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "inspections" / "webapp" / "static"]
# What browsers ask for without being told: /favicon.ico.
WHITENOISE_ROOT = BASE_DIR / "backend" / "operations" / "root"
# Pages name files by their hashed names only: half the work, half the space.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "inspections.webapp.storage.ModuleStorage"},
    "evidence": storage.configuration(_env.store, DATA_DIR / "photos"),
    "records": storage.configuration(_env.store, DATA_DIR / "records"),
}

# A photo is the largest body; everything else is JSON or a table of the office.
EVIDENCE_LIMIT = env.EVIDENCE_LIMIT
DATA_UPLOAD_MAX_MEMORY_SIZE = _env.json_limit
SERVER_BODY_LIMIT = max(EVIDENCE_LIMIT, _env.json_limit) + env.MIB

SIGNING_P12 = _env.signing_p12
SIGNING_P12_PASSPHRASE = _env.signing_p12_passphrase
SEED_DEMO = _env.seed_demo
DEMO_PASSWORD = _env.demo_password
BACKUP_MAX_AGE = timedelta(hours=_env.backup_max_age_h)

# What a browser may do with our answers. A view that sets a header of its own keeps it.
# Under "no-referrer" a browser sends forms with "Origin: null", and the office would refuse them.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "backend.common.plain_views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if urlsplit(PUBLIC_URL).scheme == "https" else []
CONTENT_SECURITY_API = "default-src 'none'; frame-ancestors 'none'"
CONTENT_SECURITY_PAGES = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

# Where mails go: to the log of the program while no server is named.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _env.mail else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = _env.mail_from
EMAIL_TIMEOUT = 20
if _env.mail:
    EMAIL_HOST, EMAIL_PORT = _env.mail.host, _env.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _env.mail.user, _env.mail.password
    EMAIL_USE_TLS = _env.mail.security == "starttls"
    EMAIL_USE_SSL = _env.mail.security == "tls"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "backend.common.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": _env.log_level},
    "loggers": {
        # Django's own handlers would print a second time, and as plain text.
        "django": {"handlers": [], "level": _env.log_level, "propagate": True},
        # A refused request is the access log's business; this logger reports failures.
        "django.request": {"level": "ERROR"},
        "waitress.queue": {"level": "ERROR"},
    },
}

REST_FRAMEWORK = {
    # Closed by default: a view that forgets its permissions answers 401, not data.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["backend.accounts.authentication.AccessTokenAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.common.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "backend.common.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backend.common.problems.problem_handler",
    "DATETIME_FORMAT": "iso-8601",
}
SPECTACULAR_SETTINGS = SPECTACULAR
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ALGORITHM": "HS256",
    "ISSUER": "food-safety-inspections",
    "AUDIENCE": "food-safety-inspections-api",
    # The scheme is not case-sensitive (RFC 9110, 11.1); the library compares it as it stands.
    "AUTH_HEADER_TYPES": ("Bearer", "bearer", "BEARER"),
}
REFRESH_TOKEN_LIFETIME = timedelta(days=30)
REFRESH_TOKEN_GRACE = timedelta(seconds=60)
