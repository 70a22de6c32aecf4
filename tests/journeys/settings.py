"""The site under test: the settings of the tests, plus the gallery of components, which is otherwise for development."""

from tongban.config.settings.test import *  # noqa: F403 - settings on top of settings

ROOT_URLCONF = "tests.journeys.urls"
