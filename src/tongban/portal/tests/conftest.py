"""A citizen at the keyboard: Django's client, without JavaScript, on the city of Zhuzhou."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongban.cases.models import Case, Draft
from tongban.cases.tests import story
from tongban.config.rehearsal.samples import implementation_for, sample_pdf

PASSWORD = story.PASSWORD


def flat(data: Any, prefix: str = "") -> dict[str, str]:
    """Form data as a page posts it: `address.detail`, `staff.0.name`, yes and no."""
    if isinstance(data, bool):
        return {prefix: "yes" if data else "no"}
    if prefix.endswith("_fen"):
        return {prefix: f"{data / 100:.2f}"}
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        pairs = [(str(number), row) for number, row in enumerate(data)]
    else:
        return {prefix: data}
    found: dict[str, str] = {}
    for key, value in pairs:
        found |= flat(value, f"{prefix}.{key}" if prefix else str(key))
    return found


class Browser:
    """What a person does on the pages, one step at a time."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def page(self, name: str, /, *args: Any, **query: str) -> Any:
        return self.client.get(reverse(f"portal:{name}", args=args), query)

    def send(self, name: str, /, *args: Any, **data: Any) -> Any:
        return self.client.post(reverse(f"portal:{name}", args=args), data)

    def begin(self, slug: str = story.FOOD) -> Draft:
        """Choose whom for, begin."""
        found = story.sample(slug)
        task_code = implementation_for(found).task_code
        shown = self.page("start", task_code)
        assert shown.status_code == 200
        chosen = next(
            value for value, *_ in shown.context["choices"] if (value != "person") == bool(found.company_code)
        )
        answer = self.send("start", task_code, applicant=chosen)
        assert answer.status_code == 302
        return Draft.objects.latest("pk")

    def answer_all(self, draft: Draft, slug: str = story.FOOD) -> None:
        for key, value in story.sample(slug).answers.items():
            assert self.page("situation", draft.public_id).context["question"].key == key
            assert self.send("situation", draft.public_id, question=key, answer=value).status_code == 302

    def fill(self, draft: Draft, slug: str = story.FOOD, **other: Any) -> Any:
        return self.send("form", draft.public_id, **{"act": "next", **flat(dict(story.sample(slug).form)), **other})

    def upload(self, draft: Draft, key: str, name: str = "布局图.pdf", content: bytes | None = None) -> Any:
        file = io.BytesIO(sample_pdf("布局图", "示例") if content is None else content)
        file.name = name
        return self.send("material_add", draft.public_id, key=key, file=[file])

    def complete(self, slug: str = story.FOOD) -> Draft:
        """Everything up to the page that is signed."""
        draft = self.begin(slug)
        self.answer_all(draft, slug)
        filled = self.fill(draft, slug)
        assert filled.status_code == 302, filled.context["errors"]
        for row in self.page("materials", draft.public_id).context["rows"]:
            if row["state"].how == "missing":
                assert self.upload(draft, row["material"].key).status_code == 302
        answer = self.send("service", draft.public_id, **SERVICE)
        assert answer.status_code == 302
        return draft

    def sign(self, draft: Draft, secret: str = PASSWORD, sha256: str | None = None) -> Any:
        shown = self.page("confirm", draft.public_id)
        digest = sha256 or shown.context["application"].sha256
        return self.send("confirm", draft.public_id, method="password", secret=secret, sha256=digest)

    def submitted(self, slug: str = story.FOOD) -> Case:
        draft = self.complete(slug)
        assert self.sign(draft).status_code == 302
        draft.refresh_from_db()
        assert draft.case is not None
        return draft.case


SERVICE = {
    "delivery": "electronic",
    "electronic_consent": "1",
    "address": "株洲市渌口区津口路128号",
    "phone": "19900000001",
}


@pytest.fixture
def enter(city: None, cast: Any) -> Callable[[str], Browser]:
    """Log one of the cast in and give a browser of their own."""

    def start(name: str) -> Browser:
        client = Client()
        client.force_login(cast.account(name))
        return Browser(client)

    return start


@pytest.fixture
def citizen(enter: Callable[[str], Browser]) -> Browser:
    return enter("citizen")


@pytest.fixture
def other(enter: Callable[[str], Browser]) -> Browser:
    return enter("other_citizen")
