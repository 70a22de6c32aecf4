"""Stock phrases (常用语) for opinions: one's own, and those of the unit, which its head keeps."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import policy
from tongban.cases.models import Phrase
from tongban.cases.refusals import CaseRefusal
from tongban.identity.models import Account
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound

PHRASE_MAX: Final = 300
#: More than this nobody finds again.
PHRASES_MAX: Final = 50


@transaction.atomic
def save_phrase(*, actor: Actor, text: str, phrase_id: int | None = None, organisation_id: int | None = None) -> Phrase:
    """Add a phrase, or change one; a phrase that is there already is returned as it is.

    `organisation_id`: for everybody at this unit; without, for the actor alone.

    Raises:
        NotFound: no such phrase, not the actor's to change, or no post that gives opinions there.
        Invalid: field `text`.
        CaseRefusal: `phrases_full`.
    """
    account_id = _writer(actor, organisation_id)
    # Whoever adds or changes phrases waits here for themselves: two clicks are one phrase.
    Account.objects.select_for_update().get(pk=account_id)
    words = text.strip()
    if not words or len(words) > PHRASE_MAX:
        raise Invalid(fields={"text": _("请写 1 到 %d 字。") % PHRASE_MAX}, code="phrase_text")
    if phrase_id is not None:
        return _changed(actor, phrase_id, words)
    owner = {"account_id": account_id} if organisation_id is None else {"organisation_id": organisation_id}
    if Phrase.objects.filter(**owner).count() >= PHRASES_MAX:
        raise CaseRefusal("phrases_full", _("常用语已有 %d 条，请先删去不用的。") % PHRASES_MAX)
    return Phrase.objects.get_or_create(**owner, text=words, defaults={"changed_at": moment.now()})[0]


@transaction.atomic
def remove_phrase(*, actor: Actor, phrase_id: int) -> None:
    """Delete a phrase.

    Raises:
        NotFound: no such phrase, or not the actor's to delete.
    """
    _own(actor, phrase_id).delete()


def _writer(actor: Actor, organisation_id: int | None) -> int:
    permitted = policy.gives_opinions(actor) if organisation_id is None else policy.heads(actor, organisation_id)
    if not permitted or actor.account_id is None:
        raise NotFound(_("这个页面"))
    return actor.account_id


def _own(actor: Actor, phrase_id: int) -> Phrase:
    phrase = Phrase.objects.select_for_update().filter(pk=phrase_id).first()
    if phrase is not None and actor.kind == "staff":
        if phrase.account_id is not None and phrase.account_id == actor.account_id:
            return phrase
        if phrase.organisation_id is not None and policy.heads(actor, phrase.organisation_id):
            return phrase
    raise NotFound(_("这条常用语"), code="phrase_not_found")


def _changed(actor: Actor, phrase_id: int, words: str) -> Phrase:
    phrase = _own(actor, phrase_id)
    same = Phrase.objects.filter(account=phrase.account_id, organisation=phrase.organisation_id, text=words)
    if same.exclude(pk=phrase.pk).exists():
        raise Invalid(fields={"text": _("已有一样的常用语。")}, code="phrase_text")
    if phrase.text != words:
        phrase.text, phrase.changed_at = words, moment.now()
        phrase.save(update_fields=["text", "changed_at"])
    return phrase
