"""Natural persons: recorded by a document, verified by the authority's records."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base import chain, moment, rate
from tongban.identity import events
from tongban.identity.models import Account, Person
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import account_of, document_index, person_for_lookup
from tongban.identity.registries import IdentityClaim, Verdict, VerifierUnavailableError, verifiers
from tongban.kernel.actor import Actor
from tongban.kernel.codes import CodeError, resident_id
from tongban.kernel.problems import Invalid

RESIDENT_ID = "111"
#: Document kinds that a window may record, GA/T 2000.156 (domain.md 6.4), with their names.
DOCUMENT_KINDS: dict[str, str] = {
    RESIDENT_ID: "居民身份证",
    "112": "临时居民身份证",
    "113": "户口簿",
    "114": "军官证",
    "414": "普通护照",
    "511": "台湾居民来往大陆通行证",
    "516": "港澳居民来往内地通行证",
    "553": "外国人永久居留身份证",
}
#: What each kind's number looks like; kinds not listed are free text of 5 to 30 characters.
_PATTERNS = {
    "414": r"[A-Z0-9]{5,17}",
    "511": r"\d{8}(\d{2})?",
    "516": r"[HM]\d{8}(\d{2})?",
    "553": r"([A-Z]{3}\d{12}|9\d{16}[\dX])",
}
_PHONE = re.compile(r"1[3-9]\d{9}")
NAME_CHARS_MAX = 60
#: Real-name checks of one account in a window of seconds: nobody finds out here which name goes with which number.
CHECKS = ((5, 3600), (10, 86_400))

#: 0 unverified, 1 name and number checked, 2 with the phone, 3 face, window or certificate (domain.md 2.3).
LEVEL_WINDOW = 3
LEVEL_REAL_NAME = 2


def normal_phone(phone: str) -> str:
    """Return a mainland mobile number as eleven digits.

    Raises:
        Invalid: field `phone`.
    """
    digits = re.sub(r"[\s\-]", "", phone.strip())
    digits = re.sub(r"^(?:\+86|0086)", "", digits)
    if not _PHONE.fullmatch(digits):
        raise Invalid(fields={"phone": _("手机号应为 11 位数字，以 1 开头。")})
    return digits


def normal_document(document_kind: str, number: str, *, name: str) -> str:
    """Return a document number as it is kept, after checking kind, number and name.

    Raises:
        Invalid: fields `document_kind`, `document_number` or `name`.
    """
    wrong: dict[str, str] = {}
    if document_kind not in DOCUMENT_KINDS:
        wrong["document_kind"] = _("请选择证件类型。")
    if not 1 < len(name.strip()) <= NAME_CHARS_MAX:
        wrong["name"] = _("请填写证件上的姓名。")
    cleaned = re.sub(r"\s", "", number).upper()
    try:
        if document_kind in {RESIDENT_ID, "112"}:
            cleaned = resident_id.parse(cleaned, today=moment.today()).number
        elif not re.fullmatch(_PATTERNS.get(document_kind, r".{5,30}"), cleaned):
            wrong["document_number"] = _("证件号码与证件类型的格式不一致，请对照证件核对。")
    except CodeError as error:
        wrong["document_number"] = error.message
    if wrong:
        raise Invalid(fields=wrong)
    return cleaned


def ensure_person(
    actor: Actor, *, document_kind: str, number: str, name: str, phone: str = "", level: int = 0
) -> Person:
    """Return the person with that document, recorded now if not known; a higher level raises theirs.

    Args:
        actor: who recorded it (a clerk at the window, the system).
        document_kind: a key of `DOCUMENT_KINDS`.
        number: the document's number.
        name: the name on the document.
        phone: a mobile number, or empty.
        level: assurance level 0 to 3 by which the document was seen.

    Raises:
        Invalid: a field is wrong.
        IdentityRefusal: `person_name_differs`: the number belongs to a verified person of another name.
    """
    cleaned = normal_document(document_kind, number, name=name)
    digits = normal_phone(phone) if phone else ""
    known = person_for_lookup(document_kind, cleaned)
    if known is not None and known.name == name.strip() and level <= known.assurance_level:
        # Nothing to change: nobody has to wait for the row.
        return known
    with transaction.atomic():
        person = known or _record(document_kind, cleaned, name=name.strip(), phone=digits, level=level, actor=actor)
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.name != name.strip():
            _rename(person, name.strip(), level=level)
        if level > person.assurance_level:
            _raise_level(person, level, actor, moment.now())
    return person


def _record(document_kind: str, number: str, *, name: str, phone: str, level: int, actor: Actor) -> Person:
    try:
        with transaction.atomic():
            person = Person.objects.create(
                name=name,
                document_kind=document_kind,
                document_number=number,
                document_index=document_index(document_kind, number),
                phone=phone,
                assurance_level=level,
                verified_at=moment.now() if level else None,
                created_at=moment.now(),
            )
    except IntegrityError:
        # Somebody recorded the same document in the same moment: theirs stands.
        found = person_for_lookup(document_kind, number)
        if found is None:
            raise
        return found
    payload = {"document_kind": document_kind, "level": level}
    chain.append(
        subject=f"person:{person.pk}", kind=events.PERSON_RECORDED, payload=payload, actor=actor, at=moment.now()
    )
    return person


def _rename(person: Person, name: str, *, level: int) -> None:
    """Take the name from a better proof; a name that was proven better stays."""
    if level <= person.assurance_level and person.assurance_level > 0:
        raise IdentityRefusal(
            "person_name_differs",
            _("这个证件号码已登记在另一个姓名下。请核对证件；改过姓名的，请到窗口出示证件办理更正。"),
        )
    person.name = name
    person.save(update_fields=["name"])


def _raise_level(person: Person, level: int, actor: Actor, at: datetime) -> None:
    person.assurance_level = level
    person.verified_at = at
    person.save(update_fields=["assurance_level", "verified_at"])
    chain.append(
        subject=f"person:{person.pk}", kind=events.REAL_NAME_VERIFIED, payload={"level": level}, actor=actor, at=at
    )


def verify_real_name(actor: Actor, *, name: str, document_number: str) -> Person:
    """Verify a citizen's account by name, resident number and phone, and tie it to the person (level 2).

    The checker is asked before the transaction, so that no lock waits for a partner.

    Raises:
        Invalid: a field is wrong.
        IdentityRefusal: `already_verified`, `real_name_mismatch`, `person_has_account`,
            `verifier_unavailable` (503).
        TooMany: too many checks of this account.
    """
    account = account_of(actor)
    if account.kind != Account.Kind.CITIZEN or account.person_id is not None:
        raise IdentityRefusal("already_verified", _("您的账号已经完成实名核验，不需要再做一次。"))
    cleaned = normal_document(RESIDENT_ID, document_number, name=name)
    for limit, per_s in CHECKS:
        rate.hit(bucket=f"real-name-{per_s}", key=str(account.pk), limit=limit, per_s=per_s)
    verdict = _ask(name.strip(), cleaned, account.phone)
    if not verdict.is_match:
        raise IdentityRefusal(
            "real_name_mismatch",
            _(
                "姓名与身份证号码不一致，或者手机号不是本人的。请对照身份证核对后重试；仍不通过的，请带身份证到窗口核验。"
            ),
            status=422,
        )
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        if account.person_id is not None:
            raise IdentityRefusal("already_verified", _("您的账号已经完成实名核验，不需要再做一次。"))
        person = ensure_person(
            actor,
            document_kind=RESIDENT_ID,
            number=cleaned,
            name=name,
            phone=account.phone,
            level=LEVEL_REAL_NAME,
        )
        _refuse_second_account(person)
        account.person = person
        account.name = person.name
        account.save(update_fields=["person", "name"])
        chain.append(
            subject=f"account:{account.pk}",
            kind=events.REAL_NAME_VERIFIED,
            payload={"level": LEVEL_REAL_NAME, "reference": verdict.reference},
            actor=actor,
            at=moment.now(),
        )
    return person


def _ask(name: str, number: str, phone: str) -> Verdict:
    verifier = verifiers[getattr(settings, "IDENTITY_VERIFIER", "simulator")]
    claim = IdentityClaim(
        name=name,
        document_kind=RESIDENT_ID,
        document_number=number,
        phone=phone,
        request_id=secrets.token_hex(12),
    )
    try:
        return verifier.check(claim)
    except VerifierUnavailableError as error:
        raise IdentityRefusal(
            "verifier_unavailable", _("实名核验服务暂时没有回应，您填写的内容没有丢失，请过几分钟再试。"), status=503
        ) from error


def _refuse_second_account(person: Person) -> None:
    """Locks the person's row, so that two accounts cannot both find nobody here."""
    Person.objects.select_for_update().get(pk=person.pk)
    if Account.objects.filter(person=person, kind=Account.Kind.CITIZEN, is_active=True).exists():
        raise IdentityRefusal(
            "person_has_account",
            _("这个身份证号码已绑定另一个账号。请用原手机号登录；原手机号不用了的，请带身份证到窗口换绑。"),
        )
