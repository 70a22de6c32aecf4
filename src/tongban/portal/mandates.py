"""Telling people of authorities between them: offered, agreed to, ended."""

from __future__ import annotations

from django.urls import reverse

from tongban.base import outbox
from tongban.base.outbox import OutboxEvent
from tongban.identity import events
from tongban.identity.models import Mandate
from tongban.identity.queries import accounts_of_person, mandate_of_event
from tongban.kernel.chinese import mask_name
from tongban.notices import commands as notices

CONSUMER = "portal.mandates"
_GRANTED, _CONFIRMED, _ENDED = events.MANDATE_GRANTED, events.MANDATE_CONFIRMED, events.MANDATE_ENDED


def subscribe() -> None:
    """Hear of mandates; called once by `PortalConfig.ready`."""
    outbox.subscribe(CONSUMER, {_GRANTED, _CONFIRMED, _ENDED}, tell)


def tell(event: OutboxEvent) -> None:
    """Tell whoever did not do it; both, where a window did."""
    mandate = mandate_of_event(event.subject)
    principal, agent = mask_name(mandate.principal.name), mask_name(mandate.agent.name)
    link = reverse("account_mandates")
    if event.kind == _GRANTED and mandate.way == Mandate.Way.ONLINE:
        told = [(mandate.agent_id, f"{principal}请您代办政务服务事项，请登录后在“授权代办”里同意或不同意。")]
    elif event.kind == _GRANTED:
        told = [
            (mandate.agent_id, f"{principal}委托您代办政务服务事项，窗口已登记，现在可以在“我的办件”里办理。"),
            (mandate.principal_id, f"窗口已登记您委托{agent}代办政务服务事项。不是您本人委托的，请马上收回。"),
        ]
    elif event.kind == _CONFIRMED:
        told = [(mandate.principal_id, f"{agent}已同意替您代办，授权生效，随时可以收回。")]
    else:
        sentence = f"{principal}委托{agent}代办的授权已结束，从现在起不能再代办、再查看。"
        told = [(mandate.principal_id, sentence), (mandate.agent_id, sentence)]
    for person_id, body in told:
        for account in accounts_of_person(person_id):
            notices.send(
                account=account, kind="mandate", subject_ref=event.subject, title="授权代办", body=body, link=link
            )
