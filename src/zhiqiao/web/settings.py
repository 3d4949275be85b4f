"""Django settings, all derived from `infra.config`; nothing is read from the environment here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhiqiao import __version__
from zhiqiao.infra.config import config
from zhiqiao.infra.config.database import databases

CONFIG = config()
WEB = Path(__file__).parent
VERSION = __version__

DEBUG = CONFIG.debug
SECRET_KEY = CONFIG.signing_key()
ALLOWED_HOSTS = [host.strip() for host in CONFIG.allowed_hosts.split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in CONFIG.trusted_origins.split(",") if origin.strip()]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_vite",
    "django_tasks",
    "django_tasks_db",
    "zhiqiao.infra.ui",
    "zhiqiao.infra.jobs",
    "zhiqiao.platform.governance",
    "zhiqiao.platform.data",
    "zhiqiao.platform.rules",
    "zhiqiao.apps.management",
    "zhiqiao.apps.evaluation",
    "zhiqiao.apps.teaching",
    "zhiqiao.web",
    # after ours: our templates and wording of the sign-in pages come first
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "zhiqiao.web.middleware.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhiqiao.web.middleware.LanguageMiddleware",
    "zhiqiao.web.middleware.WellFormedMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "zhiqiao.platform.governance.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "zhiqiao.web.urls"
WSGI_APPLICATION = "zhiqiao.web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [  # Any: Django's own shape of this setting
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "zhiqiao.web.context.shell",
            ],
            "builtins": ["zhiqiao.infra.ui.templatetags.zq", "django.templatetags.i18n"],
        },
    },
]

DATABASES = databases(CONFIG)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["zhiqiao.platform.governance.signin.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "zhiqiao.platform.governance.passwords.SimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "zhiqiao.platform.governance.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "zhiqiao.platform.governance.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_FORMS = {"login": "zhiqiao.platform.governance.views.signin.SignInForm"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# a whole school signs in from behind one address: the limit per account is the strict one
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": f"{CONFIG.login_failures},500/15m/ip"}
MFA_ADAPTER = "zhiqiao.platform.governance.signin.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhiqiao"

SESSION_COOKIE_AGE = CONFIG.session_idle_minutes * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.tls
SECURE_SSL_REDIRECT = CONFIG.tls
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # the start command and monitors ask on this machine
# TLS ends at the proxy; without its word every request would be redirected for ever
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.tls else None
LANGUAGE_COOKIE_SECURE = CONFIG.tls
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.trusted_proxies
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.tls else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "zhiqiao.web.errors.csrf_failed"
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "zq_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/dist/assets/.+-[\w-]{8}\.\w+$"  # Vite puts a digest into the name
DJANGO_VITE = {
    "default": {"manifest_path": WEB / "static" / "dist" / "manifest.json", "static_url_prefix": "dist"}
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["zhiqiao.web.uploads.CappedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = CONFIG.data / "tmp"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if CONFIG.mail_host else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = CONFIG.mail_host, CONFIG.mail_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIG.mail_user, CONFIG.mail_password.get_secret_value()
DEFAULT_FROM_EMAIL = CONFIG.mail_from

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": CONFIG.log_level},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
