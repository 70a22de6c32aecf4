"""Following an item: who wants to hear of it, and telling them, each person once of each change."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base import jobs, moment, outbox, writing
from tongban.base.outbox import OutboxEvent
from tongban.catalogue import events
from tongban.catalogue import queries as catalogue
from tongban.identity.models import Account
from tongban.identity.queries import account_of
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound
from tongban.notices import commands as notices
from tongban.portal.models import ItemNews, ItemSubscription
from tongban.portal.problems import PortalRefusal

CONSUMER = "portal.subscriptions"
#: Items that one person follows.
SUBSCRIPTIONS_MAX = 200
#: People told in one transaction.
BLOCK = 500
#: Sentences of a new version that stand in the message; the rest is on the page.
_WORDS = 5


def follow(*, actor: Actor, task_code: str) -> ItemSubscription:
    """Follow an item; following it again changes nothing.

    Raises:
        NotFound: unknown item, or the actor is no citizen with an account.
        PortalRefusal: `subscriptions_full`.
    """
    item = catalogue.implementation(task_code)
    account = _citizen(actor)
    with transaction.atomic():
        # One person at a time: the account's row is what two tabs would wait for.
        type(account).objects.select_for_update().get(pk=account.pk)
        known = ItemSubscription.objects.filter(account=account)
        found = known.filter(implementation=item).first()
        if found is not None:
            return found
        if known.count() >= SUBSCRIPTIONS_MAX:
            told = _("最多关注 %(n)s 个事项，请先取消一些不再需要的。") % {"n": SUBSCRIPTIONS_MAX}
            raise PortalRefusal("subscriptions_full", told)
        return ItemSubscription.objects.create(account=account, implementation=item, since=moment.now())


def unfollow(*, actor: Actor, task_code: str) -> None:
    """Follow an item no longer; not following it changes nothing.

    Raises:
        NotFound: unknown item, or the actor is no citizen with an account.
    """
    item = catalogue.implementation(task_code)
    ItemSubscription.objects.filter(account=_citizen(actor), implementation=item).delete()


def followed(actor: Actor) -> list[ItemSubscription]:
    """What the actor follows, the newest first, with item, body and version; bounded by `SUBSCRIPTIONS_MAX`."""
    rows = ItemSubscription.objects.filter(account=_citizen(actor)).select_related(
        "implementation__base", "implementation__organisation"
    )
    return list(rows.order_by("-id")[:SUBSCRIPTIONS_MAX])


def follows(actor: Actor, task_code: str) -> bool:
    """Whether the actor follows an item."""
    rows = ItemSubscription.objects.filter(account=_citizen(actor))
    return rows.filter(implementation__task_code=task_code).exists()


def subscribe() -> None:
    """Hear of what changes items; called once by `PortalConfig.ready`."""
    kinds = (events.ItemVersionPublished, events.ItemSuspended, events.ItemResumed, events.ItemCancelled)
    outbox.subscribe(CONSUMER, {one.kind for one in kinds}, note)


def note(event: OutboxEvent) -> None:
    """Write down the news for those who follow the item now, and have them told by a job; nobody follows: nothing."""
    item = catalogue.implementation(str(event.payload["task_code"]))
    last = ItemSubscription.objects.filter(implementation=item).aggregate(last=Max("id"))["last"]
    if last is None:
        return
    title, body = _told(event)
    row, fresh = ItemNews.objects.get_or_create(
        event=event.id, defaults={"implementation": item, "title": title, "body": body, "last": last}
    )
    if fresh:
        from tongban.portal.jobs import tell_subscribers  # the job calls this module

        jobs.defer(tell_subscribers, news=row.pk)


def tell_block(*, news: int) -> bool:
    """Tell the next `BLOCK` people; whether there are more. Two workers at once, or a crash, tell nobody twice."""
    with transaction.atomic(), writing.together():
        row = ItemNews.objects.select_for_update().filter(pk=news).first()
        if row is None or row.told >= row.last:
            return False
        people = ItemSubscription.objects.filter(
            implementation=row.implementation_id, id__gt=row.told, id__lte=row.last
        ).select_related("account", "implementation")
        block = list(people.order_by("id")[:BLOCK])
        for one in block:
            code = one.implementation.task_code
            notices.send(
                account=one.account,
                # News that nobody waits for go into the inbox and by e-mail, not onto the phone.
                phone="",
                kind="item.changed",
                subject_ref=f"item:{code}",
                title=row.title,
                body=row.body,
                link=reverse("portal:guide_history", args=[code]),
            )
        row.told = block[-1].pk if len(block) == BLOCK else row.last
        row.save(update_fields=["told"])
        return row.told < row.last


def _told(event: OutboxEvent) -> tuple[str, str]:
    """Title and text of the message."""
    code = str(event.payload["task_code"])
    if event.kind == events.ItemVersionPublished.kind:
        number = int(event.payload["number"])
        version = catalogue.numbered_version(code, number)
        about = f"“{version.parsed.name}”（{version.implementation.organisation.name}）"
        words = catalogue.changed_by(version)
        more = f"等 {len(words)} 处修改。" if len(words) > _WORDS else ""
        said = f"{about}的办事指南更新为第 {number} 版：{''.join(words[:_WORDS])}{more}"
        return f"{version.parsed.name}的办事指南有更新", said[:2000]
    item = catalogue.implementation(code)
    name = item.base.name
    about = f"“{name}”（{item.organisation.name}）"
    reason = str(event.payload.get("reason", ""))
    if event.kind == events.ItemSuspended.kind:
        return f"{name}暂停办理", f"{about}暂停办理，原因：{reason}。已经申请的继续办理。恢复后会再告诉您。"
    if event.kind == events.ItemResumed.kind:
        return f"{name}恢复办理", f"{about}恢复办理，可以申请了。"
    return f"{name}不再办理", f"{about}不再办理，原因：{reason}。已经申请的继续办完。"


def _citizen(actor: Actor) -> Account:
    if actor.kind != "citizen":
        raise NotFound(_("这个账号"))
    return account_of(actor)
