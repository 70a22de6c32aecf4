"""A city in which something of every kind exists, and a browser for each of the cast."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tongban.base import moment
from tongban.cases import commands as cases
from tongban.cases.tests import story
from tongban.catalogue import commands as catalogue
from tongban.catalogue.models import Implementation
from tongban.catalogue.queries import definition_of
from tongban.directory.models import Organisation
from tongban.documents.models import Document
from tongban.files.uploading import begin as begin_upload
from tongban.identity import commands as identity
from tongban.identity.models import Operator
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import SYSTEM
from tongban.licences.models import Licence
from tongban.notices.models import Message
from tongban.partners.models import WebhookEndpoint
from tongban.payments.models import Bill

Browser = Callable[..., Client]


@pytest.fixture
def browser(city: None, cast: Any) -> Browser:
    """Somebody's browser: `browser("citizen")`, `browser()` for a visitor; it answers errors instead of raising them."""

    def make(who: str = "visitor", **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        return client if who == "visitor" else log_in(client, cast.account(who))

    return make


@pytest.fixture
def system(city: None) -> Callable[..., str]:
    """A system's token: `system("cases:track")`."""

    def make(*scopes: str) -> str:
        body = Organisation.objects.get(ref="430200:sjj")
        _client, token = identity.issue_api_client(
            SYSTEM, name="业务系统", organisation=body, scopes=scopes, valid_to=moment.today() + timedelta(days=1)
        )
        return token

    return make


@pytest.fixture
def things(city: None, cast: Any) -> dict[str, Any]:
    """One of everything that has an owner, as the values of addresses: most belong to the citizen and the officer."""
    draft = story.draft(cast.citizen)
    done = story.walk().to_the_end(cast.citizen)
    asked = story.walk().receive()
    key = next(one.key for one in definition_of(asked.case.item_version).materials if not one.generated_from_form)
    asked.notify(key)
    road = story.walk("road-excavation").receive().accept().to_decision().decide().issue()
    stranger = cases.Applicant(kind="person", name="李秀英", document_kind="414", document_number="E12345678")
    clerk_draft = story.window_draft(cast.clerk, "resident-pension-enrolment", stranger)
    ref = next(one for one in cast.officer.appointments if one.delegated_from is None)
    delegation = identity.delegate(
        cast.officer, appointment_id=ref.id, to_account_id=cast.account("head").pk,
        valid_from=moment.today(), valid_to=moment.today() + timedelta(days=3), reason="出差",
    )  # fmt: skip
    body = Organisation.objects.get(ref="430200:sjj")
    system, _token = identity.issue_api_client(
        SYSTEM, name="对接系统", organisation=body, scopes=["events:read"], valid_to=moment.today()
    )
    webhook = WebhookEndpoint.objects.create(
        client=system, url="https://example.com/", secret="x", created_at=moment.now()
    )
    other = cast.account("other_citizen").person
    mandate = identity.grant_mandate(
        cast.citizen, agent=identity.Named(document_kind="111", document_number=other.document_number, name=other.name),
        valid_to=moment.today(), may_withdraw=False, method="password", secret=story.PASSWORD,
    )  # fmt: skip
    code = Implementation.objects.get(base__slug="road-excavation").task_code
    return {
        "change": catalogue.change_implementation(
            actor=cast.editor, task_code=done.case.implementation.task_code, kind="change"
        ),
        "order": catalogue.change_implementation(actor=SYSTEM, task_code=code, kind="suspend", reason="系统升级"),
        "mandate": mandate,
        "operator": Operator.objects.get(account=cast.account("citizen")),
        "batch": cases.make_batch(number=cases.order_batch(actor=cast.supervisor, now=True).number),
        "webhook": webhook,
        "draft": draft,
        "clerk_draft": clerk_draft,
        "delegation": delegation,
        "upload": begin_upload(actor=cast.citizen, name="布局图.pdf", size=200_000),
        "done": done,
        "asked": asked,
        "road": road,
        "file": done.case.materials.filter(source="file")[0].file,
        "paper": Document.objects.get(subject=done.case.subject, kind="granted"),
        "internal": Document.objects.get(subject=done.case.subject, kind="approval_form"),
        "licence": Licence.objects.filter(case_no=done.no)[0],
        "bill": Bill.objects.filter(subject=road.case.subject)[0],
        "message": Message.objects.filter(account=cast.account("citizen")).order_by("pk")[0],
    }
