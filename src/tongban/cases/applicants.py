"""Who applies, and who acts for them: values taken from identity or from a window clerk's form. No database."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from tongban.kernel import chinese
from tongban.kernel.codes import division, document_kinds
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.problems import Invalid

#: Documents by which a person may be known at a window, the usual one first (domain: 证件类型). Company codes are not
#: among them, nor what proves another thing than who somebody is (travel permits of mainland residents).
PERSON_DOCUMENTS: Final = ("111", "414", "516", "511", "553", "112", "113", "114")
NAME_MAX: Final = 60
COMPANY_NAME_MAX: Final = 100
AUTHORITY_MIN: Final = 6
#: Characters below which no text is an address.
ADDRESS_MIN: Final = 6
_ZIP_CODE: Final = re.compile("[0-9]{6}")
_DIVISION: Final = re.compile("[0-9]{6}([0-9]{3})?")
#: Year, division, industry, kind, serial (全国投资项目在线审批监管平台).
_PROJECT_CODE: Final = re.compile("20[0-9]{2}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """The applicant as stated in the application (申请人).

    `document_kind`: GA/T 2000.156 (111 resident identity card, 414 passport, 516 …) or `001` for a unified social
    credit code. `phone` and `address` may be empty at a window: not everybody has one.
    """

    kind: Literal["person", "company"]
    name: str
    document_kind: str
    document_number: str
    phone: str = ""
    address: str = ""
    #: Of a company: its legal representative or proprietor.
    legal_representative: str = ""

    @property
    def masked_name(self) -> str:
        """The name as others may see it: a company's in full, a person's masked."""
        return self.name if self.kind == "company" else chinese.mask_name(self.name)

    def as_json(self) -> dict[str, str]:
        """The value as JSON, to be stored encrypted."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Applicant":
        """The value from what `as_json` gave."""
        return cls(**value)


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Somebody who files for the applicant with a power of attorney (代理人, 行政许可法 art. 29)."""

    name: str
    document_kind: str
    document_number: str
    phone: str = ""
    #: What the clerk saw of the power of attorney (授权委托书): its date and scope in words.
    authority: str = ""

    def as_json(self) -> dict[str, str]:
        """The value as JSON, to be stored encrypted."""
        return dict(vars(self))


def checked(applicant: Applicant, agent: Agent | None) -> tuple[Applicant, Agent | None]:
    """Both as they are to be kept, document numbers in their normal form; what a clerk typed is checked at once.

    Raises:
        Invalid: fields of the applicant by their names, of the agent with `agent_` before them.
    """
    problems: dict[str, str] = {}
    longest = NAME_MAX if applicant.kind == "person" else COMPANY_NAME_MAX
    if not 1 < len(applicant.name.strip()) <= longest:
        what = _("证件上的姓名") if applicant.kind == "person" else _("营业执照或登记证书上的名称")
        problems["name"] = _("请填写%(what)s，2 至 %(longest)s 字。") % {"what": what, "longest": longest}
    kinds = PERSON_DOCUMENTS if applicant.kind == "person" else (document_kinds.USCC,)
    number = _number(kinds, applicant.document_kind, applicant.document_number, "", problems)
    phone = _phone(applicant.phone, "phone", problems)
    if agent is not None:
        if not 1 < len(agent.name.strip()) <= NAME_MAX:
            problems["agent_name"] = _("请填写代理人证件上的姓名，2 至 %(name_max)s 字。") % {"name_max": NAME_MAX}
        if len(agent.authority.strip()) < AUTHORITY_MIN:
            problems["agent_authority"] = _(
                "请写明授权委托书的日期和委托事项，例如：2026年11月20日委托办理申请、领取证照。"
            )
        agent_number = _number(PERSON_DOCUMENTS, agent.document_kind, agent.document_number, "agent_", problems)
        agent_phone = _phone(agent.phone, "agent_phone", problems)
        agent = replace(agent, name=agent.name.strip(), document_number=agent_number, phone=agent_phone)
    if problems:
        raise Invalid(fields=problems, code="applicant_invalid")
    return replace(applicant, name=applicant.name.strip(), document_number=number, phone=phone), agent


def _number(kinds: tuple[str, ...], kind: str, value: str, prefix: str, problems: dict[str, str]) -> str:
    if kind not in kinds:
        problems[f"{prefix}document_kind"] = _("请选择证件种类。")
        return value
    try:
        return document_kinds.parse(kind, value).number
    except CodeError as error:
        empty = not value.strip()
        problems[f"{prefix}document_number"] = _("请填写证件号码。") if empty else f"{error.message}。"
        return value


def _phone(value: str, field: str, problems: dict[str, str]) -> str:
    if not value.strip():
        return ""
    try:
        return document_kinds.parse_mobile(value)
    except CodeError as error:
        problems[field] = _("%(message)s。没有手机的，请留空。") % {"message": error.message}
        return value


def ways_of_delivery(offered: Collection[str], channel: str) -> tuple[str, ...]:
    """How a result may reach the applicant: as the item offers; who filed at a window may always collect it there."""
    return tuple(offered) if channel != "window" or "window" in offered else ("window", *offered)


@dataclass(frozen=True, kw_only=True)
class Service:
    """How the applicant wants to be served (送达): confirmed address, electronic consent, chosen delivery.

    With what exchanges ask of an applicant beside the item's form (GB/T 39046-2020, 申请信息); each may be empty.
    """

    address: str = ""
    recipient: str = ""
    phone: str = ""
    email: str = ""
    electronic_consent: bool = False
    delivery: Literal["electronic", "window", "mail"] = "electronic"
    #: Postal code of the address: six figures.
    zip_code: str = ""
    #: Division in which the applicant lives or has its seat: six figures of a county, nine of a town.
    division: str = ""
    #: 投资项目编号 of the investment project that the application belongs to.
    investment_project_code: str = ""

    def as_json(self) -> dict[str, Any]:
        """The value as JSON, to be stored encrypted."""
        return dict(vars(self))

    def problems(self, offered: Collection[str]) -> dict[str, str]:
        """What is missing before anything can be served on the applicant: field to sentence; empty when it is right.

        `offered`: the ways in which the item delivers its result.
        """
        problems: dict[str, str] = {}
        unaddressed = len(self.address.strip()) < ADDRESS_MIN
        if self.delivery not in offered:
            problems["delivery"] = _("这个事项不提供这种送达方式，请在所列方式中选择。")
        if self.delivery == "electronic" and not self.electronic_consent:
            problems["electronic_consent"] = _("选择电子送达，请勾选同意电子送达。")
        if self.delivery == "mail" and unaddressed:
            problems["address"] = _("选择邮寄，请填写能收到邮件的详细地址。")
        if not self.electronic_consent and unaddressed:
            problems["address"] = _("请填写送达地址，例如：株洲市天元区神农大道399号。")
        return problems | self._misshapen()

    def _misshapen(self) -> dict[str, str]:
        """What is given and cannot be right."""
        problems: dict[str, str] = {}
        if self.zip_code and not _ZIP_CODE.fullmatch(self.zip_code):
            problems["zip_code"] = _("邮政编码是 6 位数字，例如：412007。")
        if self.division and not (_DIVISION.fullmatch(self.division) and self.division[:2] in division.PROVINCES):
            problems["division"] = _("行政区划代码是 6 位或 9 位数字，例如：430211。")
        if self.investment_project_code and not _PROJECT_CODE.fullmatch(self.investment_project_code):
            problems["investment_project_code"] = _("投资项目编号共 24 位，例如：2026-430211-47-03-012345。")
        return problems

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Service":
        """The value from what `as_json` gave; nothing stated yet gives the defaults."""
        return cls(**value)
