"""The door for a WSGI server (granian, or any other)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings.dev")
application = get_wsgi_application()
