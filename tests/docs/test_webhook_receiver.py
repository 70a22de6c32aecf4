"""The receiver in the how-to does what the page says: it checks, and acts once on a message that comes twice."""

import json
import re
import sqlite3
import time
from typing import Any

from tongban.cli.places import ROOT
from tongban.partners import standard_webhooks

PAGE = (ROOT / "docs" / "how-to" / "receive-webhooks.md").read_text(encoding="utf-8")


def test_the_receiver_of_the_page_acts_once_and_refuses_what_was_changed():
    found = re.search(r"^```python receiver\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    page: dict[str, Any] = {}
    exec(found[1], page)
    database = sqlite3.connect(":memory:")
    database.executescript("CREATE TABLE seen (id TEXT PRIMARY KEY); CREATE TABLE news (subject TEXT, type TEXT);")
    secret, body = standard_webhooks.new_secret(), json.dumps({"subject": "1", "type": "CaseAccepted"}).encode()
    others = [standard_webhooks.new_secret(), secret]
    headers = standard_webhooks.signed_headers(others, message_id="1-2", body=body, now_s=time.time())
    assert [page["take"](database, secret, headers, body) for _ in range(2)] == [204, 204]
    assert page["take"](database, secret, headers, body + b" ") == 401
    assert database.execute("SELECT * FROM news").fetchall() == [("1", "CaseAccepted")]
