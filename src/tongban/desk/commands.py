"""Keeping views of panels: under a name, to begin with, for the whole unit, thrown away."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.desk import policy, queries
from tongban.desk.models import ADDRESS_MAX, NAME_MAX, FirstView, SavedView
from tongban.desk.registries import panels
from tongban.identity.models import Account
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

#: More than this nobody finds again.
VIEWS_MAX: Final = 20


@transaction.atomic
def save_view(*, actor: Actor, panel: str, name: str, address: str) -> SavedView:
    """Keep what stands in a panel's address under a name; under a name that is kept already it takes its place.

    `address`: what stands behind the question mark; the place in the list is left out.

    Raises:
        NotFound: no such panel, or not open to the actor.
        Invalid: field `name`, or the panel does not offer what the address asks.
        Refusal: `views_full`.
    """
    found = panels.get(panel)
    if found is None or not found.open_to(actor):
        raise NotFound(_("这个栏目"))
    kept = queries.query_of(address)
    found.sheet(actor, {**kept, "cursor": ""})
    account_id, words = _waiting(actor), _name(name)
    if len(queries.address_of(kept)) > ADDRESS_MAX:
        raise Invalid(_("筛选条件太长，请去掉一些再保存。"), code="view_address")
    facts = {"address": queries.address_of(kept), "changed_at": moment.now()}
    own = SavedView.objects.filter(account_id=account_id, panel=panel)
    if not own.filter(name=words).exists() and own.count() >= VIEWS_MAX:
        raise Refusal("views_full", _("常用视图已有 %d 个，请先删去不用的。") % VIEWS_MAX)
    return SavedView.objects.update_or_create(account_id=account_id, panel=panel, name=words, defaults=facts)[0]


@transaction.atomic
def change_view(*, actor: Actor, view_id: int, name: str, organisation_id: int | None = None) -> SavedView:
    """Give a view another name, and share it with a unit or take it back (None); the same again changes nothing.

    Raises:
        NotFound: no such view, not the actor's to change, or the unit is not one that the actor heads.
        Invalid: field `name`, empty or taken.
    """
    _waiting(actor)
    view, words = _own(actor, view_id), _name(name)
    if organisation_id is not None and organisation_id not in policy.headed_units(actor):
        raise NotFound(_("这个单位"))
    others = SavedView.objects.filter(account=view.account_id, panel=view.panel, name=words).exclude(pk=view.pk)
    if others.exists():
        raise Invalid(fields={"name": _("已有叫这个名称的视图，请换一个。")}, code="view_name")
    if (view.name, view.organisation_id) != (words, organisation_id):
        view.name, view.organisation_id, view.changed_at = words, organisation_id, moment.now()
        view.save(update_fields=["name", "organisation", "changed_at"])
    return view


@transaction.atomic
def begin_with(*, actor: Actor, view_id: int, wanted: bool = True) -> None:
    """Begin on the view's panel with this view from now on, or (not `wanted`) no longer.

    Raises:
        NotFound: no such view, or not the actor's to use.
    """
    account_id = _waiting(actor)
    view = queries.visible(actor).filter(pk=view_id).first()
    if view is None:
        raise _absent()
    if wanted:
        FirstView.objects.update_or_create(account_id=account_id, panel=view.panel, defaults={"view": view})
    else:
        FirstView.objects.filter(account_id=account_id, view=view).delete()


@transaction.atomic
def remove_view(*, actor: Actor, view_id: int) -> None:
    """Throw a view away; whoever began with it begins with everything again.

    Raises:
        NotFound: no such view, or not the actor's to throw away.
    """
    _waiting(actor)
    _own(actor, view_id).delete()


def _waiting(actor: Actor) -> int:
    """The actor's account, locked: two clicks are one view."""
    if actor.kind != "staff" or actor.account_id is None:
        raise NotFound(_("这个页面"))
    return Account.objects.select_for_update().get(pk=actor.account_id).pk


def _own(actor: Actor, view_id: int) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if view is not None and (view.account_id == actor.account_id or view.organisation_id in policy.headed_units(actor)):
        return view
    raise _absent()


def _absent() -> NotFound:
    return NotFound(_("这个视图"), code="view_not_found")


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words or len(words) > NAME_MAX:
        raise Invalid(fields={"name": _("请写 1 到 %d 字的名称。") % NAME_MAX}, code="view_name")
    return words
