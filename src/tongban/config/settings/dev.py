"""A checkout on one machine: the demonstration and development."""

import os
import secrets

# The launcher gives the key that it keeps; without the launcher there is one for this process only, known to nobody.
os.environ.setdefault("TONGBAN_SECRET_KEY", secrets.token_urlsafe(48))
os.environ.setdefault("TONGBAN_DEMO", "1")

from tongban.config.settings import env
from tongban.config.settings.base import *

WEBHOOK_HTTP = True
WEBHOOK_NETWORKS = [*WEBHOOK_NETWORKS, "127.0.0.0/8"]
DEBUG = env.flag("TONGBAN_DEBUG")
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
