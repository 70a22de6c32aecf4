"""Settings shared by every way of running. Secrets come from the environment only."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.config.settings import env

ROOT = Path(__file__).resolve().parents[4]
VAR = Path(env.text("TONGBAN_VAR", str(ROOT / "var")))

SECRET_KEY = env.text("TONGBAN_SECRET_KEY")
DEBUG = False
BASE_URL = env.text("TONGBAN_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = [host for host in env.text("TONGBAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# The rooms, from the ground up: the same order as the floors in pyproject.toml.
ROOMS = [
    "base", "directory", "identity", "partners", "files", "notices", "documents", "payments", "desk",
    "licences", "catalogue", "cases", "portal",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    *(f"tongban.{room}" for room in ROOMS),
    "tongban.config",
]

MIDDLEWARE = [
    "tongban.base.web.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tongban.base.web.security.SecurityHeadersMiddleware",
    "tongban.base.web.intake.ClientAddressMiddleware",
    "tongban.base.web.intake.IntakeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tongban.base.web.language.ChineseOnlyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "tongban.base.web.elder.ElderMiddleware",
    "tongban.identity.web.middleware.ActorMiddleware",
    "tongban.base.web.refusals.RefusalMiddleware",
    "tongban.base.web.limits.ApiLimitMiddleware",
]
#: Calls of the JSON API within a minute: by one system, and by one address without a token.
API_CALLS_PER_MINUTE = {
    "client": env.number("TONGBAN_API_CALLS", 1_200, most=100_000_000),
    "address": env.number("TONGBAN_API_CALLS_OPEN", 300, most=100_000_000),
}
#: Applications that systems may begin for one applicant within an hour.
API_FILINGS_PER_HOUR = env.number("TONGBAN_API_FILINGS", 60, most=100_000_000)
CSRF_FAILURE_VIEW = "tongban.base.web.errors.csrf_failure"

ROOT_URLCONF = "tongban.config.urls"
WSGI_APPLICATION = "tongban.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongban.base.web.context.site",
            ],
        },
    },
]

_SESSION = {"server_side_binding": True, "prepare_threshold": 1}
DATABASES: dict[str, dict[str, Any]] = {
    # The program: a role that owns no table, so that it cannot switch a trigger off.
    "default": env.database("DATABASE_URL", "postgresql://tongban@127.0.0.1/tongban")
    | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "OPTIONS": dict(_SESSION)},
}
# The owner: migrations and grants only. The web and worker processes are never told how to log in as it (ADR 4).
if env.is_set("DATABASE_OWNER_URL"):
    DATABASES["owner"] = env.database("DATABASE_OWNER_URL")
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["tongban.identity.sessions.AccountBackend"]
SESSION_ENGINE = "tongban.identity.sessions"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tongban.identity.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_FORMS = {"login": "tongban.identity.web.forms.PasswordLoginForm"}
# allauth counts in each process's cache; ours count in the database (identity.adapters, identity.web.forms).
ACCOUNT_RATE_LIMITS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "tongban.identity.adapters.MfaAdapter"
# Whoever loses the phone has the second factor reset by IT staff; codes on paper would be one more key.
MFA_SUPPORTED_TYPES = ["totp"]
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "tongban.identity.web.forms.CodeForm",
    "reauthenticate": "tongban.identity.web.forms.CodeAgainForm",
    "activate_totp": "tongban.identity.web.forms.SetUpForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
#: Addresses of the desk, the window and the programs' interface: Chinese, whatever the reader asks for.
CHINESE_ONLY_PREFIXES = ("/desk/", "/window/", "/api/", "/gallery/")
LOCALE_PATHS = [ROOT / "src/tongban/locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Scripts take the token from the page's form.
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
#: A request as a whole: several files of 20 MB at once.
BODY_BYTES_MAX = 100 * 1024 * 1024
#: Proxies of our own in front, each of which adds to X-Forwarded-For the address that it saw.
PROXIES = env.number("TONGBAN_PROXIES", 0, most=9)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "tongban.base.web.receiving.NamelessUploadHandler",
]

# Encryption of fields, blind index, daily seal: see tongban.base.keys.
FIELD_KEYS = env.text("TONGBAN_FIELD_KEYS", "")
INDEX_KEY = env.text("TONGBAN_INDEX_KEY", "")
SEAL_KEY = env.text("TONGBAN_SEAL_KEY", "")

#: Days after which a case that is over and served goes to the archive by itself; bodies may archive earlier.
ARCHIVE_AFTER_DAYS = env.number("TONGBAN_ARCHIVE_AFTER_DAYS", 60, most=3_650)

CLAMAV = env.text("TONGBAN_CLAMAV", "")
#: Where files are kept: empty, below VAR; or `s3://bucket/prefix` with what FILES_S3 says.
FILES_STORE = env.text("TONGBAN_FILES_STORE", "")
_S3_UNSET = None if FILES_STORE.startswith("s3://") else ""
FILES_S3 = {
    "endpoint": env.text("TONGBAN_FILES_S3_ENDPOINT", ""),
    "region": env.text("TONGBAN_FILES_S3_REGION", "us-east-1"),
    "key": env.text("TONGBAN_FILES_S3_KEY", _S3_UNSET),
    "secret": env.text("TONGBAN_FILES_S3_SECRET", _S3_UNSET),
    "by_host": "1" if env.flag("TONGBAN_FILES_S3_BY_HOST") else "",
    "authority": env.text("TONGBAN_FILES_S3_CA", ""),
}

#: Scanners at windows: the body's code (or * for all), what people call it, its address.
SCANNERS = env.rows("TONGBAN_SCANNERS", 3)
#: Code of the sender in exchanges, as the receiver assigned it.
EXCHANGE_SOURCE = env.text("TONGBAN_EXCHANGE_SOURCE", "", longest=3)

CITY = env.text("TONGBAN_CITY", "zhuzhou")
DEMO = env.flag("TONGBAN_DEMO")
SIMULATORS_URL = env.text("TONGBAN_SIMULATORS_URL", "http://127.0.0.1:8001").rstrip("/")

#: Inner networks to which webhooks may be sent; whether an address may be http (only where nothing is real).
WEBHOOK_NETWORKS = env.networks("TONGBAN_WEBHOOK_NETWORKS")
WEBHOOK_HTTP = False

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "tongban.base.web.request_id.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Every periodic task is announced at every start otherwise, and every message to a partner.
    "loggers": {"procrastinate": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
