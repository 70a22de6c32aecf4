"""What the how-tos tell people to write is run: the item can be published, the document can be set."""

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.base import moment
from tongban.config import citypack
from tongban.documents import contents, typesetting
from tongban.documents.kinds import Kind
from tongban.documents.tests import samples
from tongban.documents.typesetting import Typeface
from tongban.identity.queries import actor_for, actor_of_token
from tongban.kernel.actor import Role

HOW_TO = Path(settings.ROOT) / "docs" / "how-to"
URL = "https://tongban.example/verify/7K2P9M4D3368XQ3A"


def block(page: str, label: str) -> str:
    """The fenced block of a how-to whose info string is `label`."""
    found = re.search(rf"^```{label}\n(.*?)^```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no block {label!r}"
    return found[1]


def test_the_item_of_the_how_to_can_be_published(tmp_path):
    pack = tmp_path / "zhuzhou"
    shutil.copytree(Path(settings.ROOT) / "cities" / "zhuzhou", pack)
    before = citypack.check(pack)
    (pack / "items" / "library-reader.yaml").write_text(block("add-an-item.md", "yaml item"), encoding="utf-8")
    assert citypack.check(pack) == before


def test_the_document_of_the_how_to_can_be_set(tmp_path, monkeypatch):
    templates = tmp_path / "typst"
    shutil.copytree(typesetting.TEMPLATES, templates)
    template = block("add-a-legal-document.md", "typst template")
    (templates / "extension.typ").write_text(template, encoding="utf-8")
    monkeypatch.setattr(typesetting, "TEMPLATES", templates)
    names = {**vars(contents), "contents": contents, "__name__": contents.__name__}
    exec(block("add-a-legal-document.md", "python content"), names)
    monkeypatch.setattr(contents, "Extension", names["Extension"], raising=False)
    kind = eval(block("add-a-legal-document.md", "python row"), {"Kind": Kind, "contents": contents})
    sample = eval("{" + block("add-a-legal-document.md", "python sample") + "}", {**vars(samples), "dt": dt})
    content = kind.content.model_validate(sample[kind.key])
    sheet = typesetting.typeset(
        kind.template,
        {
            "title": kind.title,
            "organisation": "株洲市渌口区市场监督管理局",
            "number": "株渌市监许延〔2026〕1号",
            "issued_on": "2026-11-17",
            "demonstration": True,
            "site_name": "株洲通办",
            "verify_code": "7K2P-9M4D-3368-XQ3A",
            "verify_url": URL,
            "content": content.model_dump(mode="json"),
        },
        at=dt.datetime(2026, 11, 17, 2, 0, tzinfo=dt.UTC),
        typeface=Typeface(),
        qr_target=URL,
    )
    assert sheet.pdf.startswith(b"%PDF")
    assert sheet.seat is not None
    assert sheet.missing == ()


def test_the_first_people_and_systems_of_the_how_to_can_be_made(city):
    page = (HOW_TO / "run-for-real.md").read_text(encoding="utf-8")
    part = page.partition("## 4. Tables, city, first people")[2].partition("\n## ")[0]
    names: dict[str, Any] = {}
    for body in re.findall(r"^```python\n(.*?)^```", part, re.DOTALL | re.MULTILINE):
        exec(body.replace("print(token)", ""), names)
    actor = actor_for(names["account"], moment.now())
    assert Role.IT_ADMIN in actor.roles()
    client = actor_of_token(names["token"])
    assert client is not None
    assert client.scopes == {"cases:submit", "cases:track"}
