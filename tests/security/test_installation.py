"""Production settings, the lock, and what the code may not do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tongban.cli import secret_store
from tongban.cli.checklist import _production

ROOT = Path(settings.ROOT)
SOURCES = [
    path for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts and "migrations" not in path.parts
]


def load(*code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Load production settings in a process of their own, with these variables."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN_", "DJANGO_"))}
    environment = {**given, "PYTHONPATH": str(ROOT / "src"), **_production(), **changes}
    return subprocess.run(
        [sys.executable, *(code or ("-c", "import tongban.config.settings.production"))], env=environment, check=False,
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip


def test_production_starts_with_everything_given_and_checks_clean():
    done = load("-m", "django", "check", "--deploy", "--fail-level=WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["TONGBAN_SECRET_KEY", "TONGBAN_FIELD_KEYS", "TONGBAN_INDEX_KEY", "TONGBAN_SEAL_KEY"])
def test_production_makes_no_secret_up(name):
    done = load(**{name: ""})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize("key", ["short", settings.SECRET_KEY, "django-insecure-" + "x" * 60])
def test_production_takes_no_weak_or_known_key(key):
    done = load(TONGBAN_SECRET_KEY=key)
    assert done.returncode != 0
    assert "TONGBAN_SECRET_KEY" in done.stderr
    assert key not in done.stderr


@pytest.mark.parametrize("value", ["-1", "10", "x", "1.5"])
def test_a_wrong_number_of_proxies_stops_the_program(value):
    assert "TONGBAN_PROXIES" in load(TONGBAN_PROXIES=value).stderr


def test_a_checkout_without_launcher_has_a_key_that_nobody_knows():
    code = "from tongban.config.settings import dev; print(dev.SECRET_KEY)"
    keys = {load("-c", "import os; del os.environ['TONGBAN_SECRET_KEY']; " + code).stdout.strip() for _one in range(2)}
    assert len(keys) == 2
    assert all(len(key) >= 50 for key in keys)


def test_every_dependency_is_pinned_by_hash():
    lock = (ROOT / "requirements.txt").read_text()
    pinned = re.findall(
        r"^([A-Za-z0-9._\[\],-]+)==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.MULTILINE
    )
    wanted = [line for line in lock.splitlines() if line and not line.startswith(("#", " "))]
    assert len(pinned) == len(wanted) > 50
    assert not re.search(r"^(-e|git\+|https?:|--index-url|--extra-index-url|--trusted-host)", lock, re.MULTILINE)


def test_secrets_of_a_checkout_are_fresh_and_long():
    assert secret_store.new_key() != secret_store.new_key()
    assert len(secret_store.new_key()) >= 43


FORBIDDEN = {
    r"\|\s*safe\b|autoescape off": "text that is not escaped",
    r"\.extra\(|\bRawSQL\b|\.raw\(": "SQL beside the ORM",
    r"\beval\(|\bexec\(|pickle\.|marshal\.|yaml\.load\(|shell=True|os\.system\(": "code from data",
    r"verify=False|CERT_NONE|_create_unverified": "TLS without a check",
    r"\bmd5\b|\bsha1\b": "broken digests",
    r"cursor\.execute\(\s*f[\"']|\.execute\(\s*f[\"']": "SQL put together from text",
}
#: (file, pattern) with the reason.
ALLOWED = {
    ("base/append_only.py", r"cursor\.execute\(\s*f[\"']|\.execute\(\s*f[\"']"): "a table name of a migration, checked",
}


@pytest.mark.parametrize("pattern", list(FORBIDDEN))
def test_the_code_holds_nothing_of(pattern):
    found = []
    pages = list((ROOT / "src").rglob("*.html"))
    for path in SOURCES + pages:
        name = path.relative_to(ROOT / "src" / "tongban").as_posix()
        if (name, pattern) in ALLOWED or name.startswith("cli/"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if re.search(pattern, line) and not line.lstrip().startswith("#"):
                found.append(f"{name}:{number} {FORBIDDEN[pattern]}: {line.strip()}")
    assert not found, "\n".join(found)


def test_pages_hold_no_inline_script_or_style_and_load_nothing_from_elsewhere():
    found = []
    for path in (ROOT / "src").rglob("templates/**/*.html"):
        text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
        if re.search(r"<script(?![^>]*\bsrc=)|\son\w+=\"|\sstyle=\"|javascript:|(src|action)=\"https?://", text):
            found.append(path.name)
    assert not found


def test_only_signed_messages_are_free_of_csrf():
    found = [path.relative_to(ROOT / "src").as_posix() for path in SOURCES if "csrf_exempt" in path.read_text()]
    assert sorted(found) == ["tongban/cases/web/elsewhere.py", "tongban/payments/web/views.py"]


def test_the_doctor_says_what_is_left_of_the_demonstration(settings):
    from tongban.cli.readiness import real_settings

    settings.DEMO, settings.SESSION_COOKIE_SECURE = True, True
    assert real_settings()[0] == "warning"
    settings.DEMO, settings.SECRET_KEY, settings.ALLOWED_HOSTS = False, "short", ["*"]
    level, words = real_settings()
    assert level == "wrong"
    assert all(
        part in words for part in ("TONGBAN_SECRET_KEY", "https", "TONGBAN_HOSTS", "短信", "实名核验", "示例印章")
    )
    settings.SECRET_KEY, settings.BASE_URL, settings.ALLOWED_HOSTS = (
        "x" * 60,
        "https://tongban.example",
        ["tongban.example"],
    )
    settings.PARTNERS = {
        service: {"url": "https://partner.example"} for service in ("sms", "email", "payment", "postal")
    }
    settings.IDENTITY_VERIFIER, settings.DOCUMENT_SIGNER = "own", "own"
    assert real_settings() == ("ok", "没有演示用的部分")
