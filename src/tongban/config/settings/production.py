"""A real installation: TLS in front, every secret from the environment, nothing in debug."""

from tongban.config.settings import env
from tongban.config.settings.base import *

DEBUG = False
for _name in ("TONGBAN_FIELD_KEYS", "TONGBAN_INDEX_KEY", "TONGBAN_SEAL_KEY"):
    env.text(_name)
SECURE_SSL_REDIRECT = env.flag("TONGBAN_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Framing is refused by `frame-ancestors` in the content security policy (tongban.base.web.security).
SILENCED_SYSTEM_CHECKS = ["security.W002"]
