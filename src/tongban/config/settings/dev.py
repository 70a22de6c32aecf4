"""A checkout on one machine: the demonstration and development."""

import os

os.environ.setdefault("TONGBAN_SECRET_KEY", "only-for-a-checkout-on-one-machine-without-real-data")
os.environ.setdefault("TONGBAN_DEMO", "1")

from tongban.config.settings import env
from tongban.config.settings.base import *

DEBUG = env.flag("TONGBAN_DEBUG")
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
