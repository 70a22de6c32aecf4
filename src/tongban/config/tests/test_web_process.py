"""What a web worker holds in memory before its first request."""

import json
import subprocess
import sys

#: They take 60 MiB together, and few requests need them: to typeset, to seal, to read a PDF file, to call others.
RARE = ("aiohttp", "fontTools", "httpx", "pyhanko", "pypdfium2", "rich", "rjieba", "typst")

PROGRAM = """
import json, sys
import tongban.config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_a_web_worker_starts_without_the_libraries_that_few_requests_need() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, timeout=60)
    loaded = json.loads(ran.stdout)
    assert "django" in loaded
    assert set(RARE).isdisjoint(loaded)
