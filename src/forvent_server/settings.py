"""Django's settings, from those of ``configuration``."""

from __future__ import annotations

from pathlib import Path

from forvent.tables import LANGUAGES as CODES
from forvent_server.configuration import database, read_settings, secret_keys

FORVENT = read_settings()
DATA = Path(FORVENT["FORVENT_DATA"]).resolve()
UPLOADS = DATA / "uploads"

KEYS = secret_keys(FORVENT["FORVENT_SECRET_KEY"], folder=DATA)
SECRET_KEY, SECRET_KEY_FALLBACKS = KEYS.now, list(KEYS.before)
#: By which what was erased is known, where the key of then is gone.
ERASED_KEY = KEYS.erased
DEBUG = FORVENT["FORVENT_DEBUG"]
ALLOWED_HOSTS = list(FORVENT["FORVENT_HOSTS"])
ROOT_URLCONF = "forvent_server.urls"
WSGI_APPLICATION = "forvent_server.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "forvent_server.store",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "forvent_server.web.readable.WithoutZero",
    "forvent_server.web.policy.ContentPolicy",
    "forvent_server.web.problems.ProblemsInWords",
    "forvent_server.api.programs.StraightToPrograms",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "forvent_server.web.seen.Seen",
    "forvent_server.web.language.ChosenLanguage",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "forvent_server.web.environment.environment"},
    },
]

DATABASES = {"default": database(FORVENT["FORVENT_DATABASE_URL"], folder=DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "store.Person"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "/sign-in/"
CSRF_FAILURE_VIEW = "forvent_server.web.errors.stale_form"

USE_TZ = True
TIME_ZONE = FORVENT["FORVENT_TIME_ZONE"]
LANGUAGE_CODE = FORVENT["FORVENT_LANGUAGE"]
LANGUAGES = [(code, code) for code in CODES]

HTTPS = FORVENT["FORVENT_HTTPS"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS]

FILE_UPLOAD_HANDLERS = ["forvent_server.web.uploads.Received"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"forvent_server": {"level": "INFO"}},
}
