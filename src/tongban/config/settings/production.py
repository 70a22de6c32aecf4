"""A real installation: TLS in front, every secret from the environment, nothing in debug."""

from django.core.exceptions import ImproperlyConfigured

from tongban.config.settings import env
from tongban.config.settings.base import *

DEBUG = False
for _name in ("TONGBAN_FIELD_KEYS", "TONGBAN_INDEX_KEY", "TONGBAN_SEAL_KEY"):
    env.text(_name)
#: Characters of a random key; Django's own check of it only warns.
_KEY_CHARACTERS_MIN = 50
if len(SECRET_KEY) < _KEY_CHARACTERS_MIN or SECRET_KEY.startswith(("throw-away", "django-insecure")):
    raise ImproperlyConfigured(
        f"TONGBAN_SECRET_KEY: at least {_KEY_CHARACTERS_MIN} random characters, not those of tests."
    )
SECURE_SSL_REDIRECT = env.flag("TONGBAN_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
# The prefix keeps sites beside this one, under the same domain, from setting it.
SESSION_COOKIE_NAME = "__Host-sessionid"
LANGUAGE_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Framing is refused by `frame-ancestors` in the content security policy (tongban.base.web.security).
SILENCED_SYSTEM_CHECKS = ["security.W002"]
