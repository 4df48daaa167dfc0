"""Settings, in one file, read top to bottom. Everything runs with no variable set; `env.py` lists what may be set."""

import hashlib
import os
import secrets
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from portevoix import env
from portevoix.core import clock  # noqa: F401  time zones come from the tzdata package from here on

ENVIRONMENT = env.read()
PACKAGE = Path(__file__).parent
VAR = ENVIRONMENT.var
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo


# --- secrets -------------------------------------------------------------------------------------------------------
def _kept_secret(path: Path) -> str:
    """The secret in that file; made once, readable by its owner alone. Two processes that race get the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secret := secrets.token_urlsafe(50))
    return secret


SECRET_KEY = ENVIRONMENT.secret_key or _kept_secret(VAR / "secret.key")
# What seals the secrets of other people's services, tokens above all (core/sealing.py).
SEALING_KEYS = ENVIRONMENT.sealing_keys
SEALING_KEYS_FILE = ENVIRONMENT.sealing_keys_file

# --- where we are --------------------------------------------------------------------------------------------------
_address = urlsplit(ENVIRONMENT.address)
_link_address = urlsplit(ENVIRONMENT.link_address)
PUBLIC_ADDRESS = ENVIRONMENT.address
LINK_ADDRESS = ENVIRONMENT.link_address
ALLOWED_HOSTS = sorted({_address.hostname or "", _link_address.hostname or "", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS]
IS_HTTPS = _address.scheme == "https"
if IS_HTTPS and ENVIRONMENT.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- rooms ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portevoix.core",
    "portevoix.people",
    "portevoix.notifications",
    "portevoix.editorial",
    "portevoix.library",
    "portevoix.links",
    "portevoix.sharing",
    "portevoix.feed",
    "portevoix.analytics",
    "portevoix.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "lucide",
    "csp",
]
# --- what is done later --------------------------------------------------------------------------------------------
ENGINE = ENVIRONMENT.engine
SCHEDULE = "portevoix.schedule"
if ENGINE == "procrastinate":
    INSTALLED_APPS.append("procrastinate.contrib.django")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portevoix.web.middleware.FitMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portevoix.web.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portevoix.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "portevoix.urls"
WSGI_APPLICATION = "portevoix.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates", *sorted(PACKAGE.glob("web/*/templates"))],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portevoix.web.context.shell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portevoix.web.templatetags.words",
            ],
        },
    }
]
COTTON_DIR = "cotton"

# --- rows ----------------------------------------------------------------------------------------------------------
_database = env.database(ENVIRONMENT)
_SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": _database.name,
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
            "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
        ),
    },
}
_POSTGRESQL: dict[str, Any] = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": _database.name,
    "USER": _database.user,
    "PASSWORD": _database.password,
    "HOST": _database.host,
    "PORT": _database.port,
    "CONN_MAX_AGE": 0,
    # Without explicit sizes the pool stops at four connections and the other threads wait thirty seconds.
    "OPTIONS": {
        "pool": {
            "min_size": 1,
            "max_size": max(ENVIRONMENT.threads, ENVIRONMENT.worker_threads) + 6,
            "timeout": 10,
        }
    },
}
DATABASES = {"default": _SQLITE if _database.engine == "sqlite" else _POSTGRESQL}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people and sessions -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "portevoix.web.auth.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An address is proved by the invitation, the join link or the sign-in link that reached it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# An address without a log-in gets our own letter (web/auth/forms.py): allauth's would offer to sign up.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "portevoix.web.auth.forms.SignInForm",
    "reset_password": "portevoix.web.auth.forms.ForgottenPasswordForm",
    "reset_password_from_key": "portevoix.web.auth.forms.NewPasswordForm",
    "change_password": "portevoix.web.auth.forms.ChangePasswordForm",
    "set_password": "portevoix.web.auth.forms.FirstPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "sign_in_link": "10/m/ip,3/10m/key",
    "join": "10/m/ip,3/10m/key",
    # Each of these asks something of a server that the person names, or writes rows: no person needs more.
    "connect": "20/10m/key",
    "share": "30/10m/key",
    # Conversions that a server tells, by token; that browsers declare, by their address and by their site.
    "api": "1200/m/key",
    "api_browser": "60/m/ip,3000/m/key",
}
ACCOUNT_LOGOUT_ON_GET = False
PASSWORD_RESET_TIMEOUT = 60 * 60 * 2
CSRF_FAILURE_VIEW = "portevoix.web.public.errors.forbidden"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30

# --- mail ----------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 10
if ENVIRONMENT.smtp_url:
    _smtp = urlsplit(ENVIRONMENT.smtp_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _smtp.hostname or "localhost"
    EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_smtp.username or "")
    EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
    EMAIL_USE_SSL = _smtp.scheme == "smtps"
    EMAIL_USE_TLS = _smtp.scheme == "smtp" and bool(_smtp.username)

# --- languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = sorted(PACKAGE.glob("**/locale"))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ---------------------------------------------------------------------------------------------------------
PACKAGE_STATIC = PACKAGE / "static"
STATICFILES_DIRS = [PACKAGE_STATIC]


def _fingerprint(folder: Path) -> str:
    """Changes whenever anything built, or htmx, changes, so that browsers may keep what they have for a year."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    facts = [(str(file.relative_to(folder)), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr((facts, metadata.version("django-htmx"))).encode()).hexdigest()[:12]


STATIC_URL = f"/static/{_fingerprint(PACKAGE / 'static')}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60 * 60 * 24 * 365
MEDIA_ROOT = VAR / "media"
CLICKS_ROOT = VAR / "clicks"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 3_000_000

LOCAL_NETWORKS = ("http://localhost:*", "http://*.localhost:*")

# --- what browsers may do with our pages ---------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        # A share is a form that the network's window answers: https, or the mail program. Networks that this machine
        # plays, and those of a developer, answer in the clear on names that lead nowhere else.
        "form-action": [SELF, "https:", "mailto:", *(LOCAL_NETWORKS if not IS_HTTPS else ())],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0

# --- what is written down ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING"},
}
