"""What the identity room adds to the shells of the pages: names in the top bars, doors to the account."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.web import navigation
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import Role
from tongban.kernel.chinese import mask_name


def fill() -> None:
    """Register names and entries."""
    navigation.name_readers(person=person_name, staff=staff_name)
    account = navigation.Entry(key="account", label=_("我的账号"), url_name="account_home", icon="person", order=90)
    navigation.add("user", account)
    navigation.add("desk_user", account)
    lending = navigation.Entry(
        key="delegations", label=_("委托同事代办"), url_name="account_delegations", icon="refresh", order=80
    )
    navigation.add("desk_user", lending)
    handover = navigation.Entry(
        key="handover", label=_("移交工作"), url_name="account_handover", icon="refresh", order=85,
        visible=_manages_posts,
    )  # fmt: skip
    navigation.add("desk_user", handover)
    mandates = navigation.Entry(
        key="mandates", label=_("授权代办"), url_name="account_mandates", icon="person", order=60
    )
    navigation.add("user", mandates)
    window = navigation.Entry(
        key="window_mandates", label=_("登记授权代办"), url_name="account_mandates_window", icon="person", order=70,
        visible=_at_window,
    )  # fmt: skip
    navigation.add("desk_user", window)


def _manages_posts(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and Role.IT_ADMIN in actor.roles()


def _at_window(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and Role.WINDOW_CLERK in actor.roles()


def person_name(request: HttpRequest) -> str:
    """Return a citizen's name as the top bar shows it: masked, because others may look over the shoulder."""
    actor = actor_of_request(request)
    if actor is None:
        return ""
    return mask_name(actor.name) if actor.kind == "citizen" and actor.name else actor.name or str(_("我的账号"))


def staff_name(request: HttpRequest) -> str:
    """Return body and name of a staff member: 渌口区市监局 张敏."""
    actor = actor_of_request(request)
    if actor is None:
        return ""
    body = actor.appointments[0].organisation_name if actor.appointments else ""
    return f"{body} {actor.name}".strip()
