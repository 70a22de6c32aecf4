"""The house rules, each on an example that breaks it and one that does not."""

import pytest

from tongban.cli.houserules import FUNCTION_LINES_MAX, RULES, examine

ROOM = "src/tongban/files"
LONG = "def f() -> None:\n" + "    x = 1\n" * FUNCTION_LINES_MAX

BREACHES = [
    ("size", f"{ROOM}/queries.py", "x = 1\n" * 401),
    ("size", f"{ROOM}/tests/test_queries.py", "x = 1\n" * 601),
    ("size", f"{ROOM}/queries.py", LONG),
    ("name", f"{ROOM}/utils.py", ""),
    ("name", f"{ROOM}/helpers/reading.py", ""),
    ("door", f"{ROOM}/queries.py", "from tongban.identity.policy import may\n"),
    ("door", f"{ROOM}/queries.py", "from tongban.identity import policy\n"),
    ("door", f"{ROOM}/queries.py", "def f():\n    import tongban.identity.web.views\n"),
    ("silencer", f"{ROOM}/queries.py", "x = 1  # " + "noqa\n"),
    ("silencer", f"{ROOM}/queries.py", "x = 1  # type: " + "ignore\n"),
    ("silencer", f"{ROOM}/queries.py", "# " + "TODO: later\n"),
    ("model-by-name", f"{ROOM}/queries.py", "from django.apps import apps\napps.get_model('files', 'File')\n"),
    ("signal", f"{ROOM}/apps.py", "from django.dispatch import receiver\n"),
    ("save", f"{ROOM}/models.py", "class File:\n    def save(self):\n        pass\n"),
    ("key", f"{ROOM}/models.py", "owner = models.ForeignKey('identity.Account', models.PROTECT)\n"),
    ("key", f"{ROOM}/models.py",
     "from tongban.identity.models import Account\nowner = ForeignKey(Account, PROTECT, related_name='files')\n"),
    ("one-clock", f"{ROOM}/commands.py", "from datetime import date\ntoday = date.today()\n"),
    ("one-clock", f"{ROOM}/commands.py", "from django.utils import timezone\nnow = timezone.now()\n"),
    ("pure-kernel", "src/tongban/kernel/money.py", "from django.db import models\n"),
]  # fmt: skip

FINE = [
    (f"{ROOM}/queries.py", "x = 1\n" * 400),
    (f"{ROOM}/tests/test_queries.py", "x = 1\n" * 600),
    (f"{ROOM}/migrations/0001_initial.py", "x = 1\n" * 900 + "apps.get_model('files', 'File')\n"),
    (
        f"{ROOM}/queries.py",
        "from tongban.identity.models import Account\nfrom tongban.identity.commands.persons import x\n",
    ),
    (f"{ROOM}/queries.py", "from tongban.identity import queries\nfrom tongban.base.web.refusals import y\n"),
    (f"{ROOM}/queries.py", "from tongban.files.storage import put\nimport tongban.kernel.money\n"),
    (f"{ROOM}/tests/test_queries.py", "from tongban.identity.tests.cast import citizen\n"),
    ("src/tongban/config/urls.py", "from tongban.files.web import urls\n"),
    (f"{ROOM}/queries.py", "x = 1  # noqa: S101\n"),
    (f"{ROOM}/models.py", "owner = models.ForeignKey('identity.Account', models.PROTECT, related_name='+')\n"),
    (f"{ROOM}/models.py", "folder = models.ForeignKey('files.Folder', models.PROTECT, related_name='files')\n"),
    ("src/tongban/base/moment.py", "from datetime import datetime, UTC\nnow = datetime.now(UTC)\n"),
    (f"{ROOM}/tests/test_clock.py", "from datetime import date\ntoday = date.today()\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_a_breach_is_found_by_its_rule_alone(rule, path, text):
    assert [breach.rule for breach in examine(path, text)] == [rule]


@pytest.mark.parametrize(("path", "text"), FINE)
def test_what_is_allowed_is_let_through(path, text):
    assert examine(path, text) == []


def test_every_rule_has_an_example():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_a_breach_names_its_place():
    found = examine(f"{ROOM}/queries.py", "\n\nfrom tongban.identity.policy import may\n")
    assert str(found[0]).startswith(f"{ROOM}/queries.py:3: door: tongban.identity is entered by policy")
