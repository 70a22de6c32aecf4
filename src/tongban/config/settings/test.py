"""Tests: fixed throw-away keys, cheap password hashing, everything else as it is."""

import base64
import os
import tempfile

os.environ.setdefault("TONGBAN_SECRET_KEY", "throw-away-key-of-the-tests-" + "x" * 40)
os.environ.setdefault("TONGBAN_FIELD_KEYS", "test:1:" + base64.b64encode(b"f" * 32).decode())
os.environ.setdefault("TONGBAN_INDEX_KEY", base64.b64encode(b"i" * 32).decode())
os.environ.setdefault("TONGBAN_SEAL_KEY", base64.b64encode(b"s" * 32).decode())
os.environ.setdefault("TONGBAN_VAR", tempfile.mkdtemp(prefix="tongban-test-"))
os.environ.setdefault("TONGBAN_DEMO", "1")

from tongban.config.settings import env
from tongban.config.settings.base import *

WEBHOOK_HTTP = True
WEBHOOK_NETWORKS = ["127.0.0.0/8"]
DEBUG = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES.setdefault("owner", env.database("DATABASE_OWNER_URL", "postgresql://tongban_owner@127.0.0.1/tongban"))
LOGGING = LOGGING | {"root": {"handlers": ["console"], "level": "WARNING"}}
