"""What the verify page says, in words: pure, from what was found to lines on the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongban.base.web.formats import cn_date
from tongban.documents.queries import Comparison, VerifiedThing


@dataclass(frozen=True, slots=True)
class Words:
    """The verdict and its lines."""

    #: Kind of the notice: done, late, wait; and its icon.
    tone: str
    icon: str
    verdict: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    seal: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a comparison."""

    tone: str
    verdict: str
    sentence: str


_ICONS = {"done": "check-circle", "wait": "warning", "late": "stop"}
_TONES = {"expired": "wait", "detained": "wait", "pending": "wait"}


def of(thing: VerifiedThing) -> Words:
    """Say how the thing stands."""
    standing = thing.standing
    if standing.valid:
        sentence = _("该文书由%(body)s出具，核验时有效。") % {"body": thing.organisation}
    else:
        sentence = standing.note or _("该文书现在不能使用，请联系出具机关。")
    tone = "done" if standing.valid else _TONES.get(standing.code, "late")
    return Words(
        tone=tone,
        icon=_ICONS[tone],
        verdict=_("核验结果：%(state)s") % {"state": standing.words},
        sentence=sentence,
        facts=_facts(thing),
        seal=_seal(thing),
    )


def of_comparison(comparison: Comparison) -> Result:
    """Say how a brought file stands to ours."""
    found = comparison.inspection
    if comparison.identical:
        return Result("done", _("是同一份文件"), _("您选择的文件与出具机关留存的文件完全一致，一个字节也没有改动。"))
    if not found.signed:
        return Result(
            "late",
            _("不是同一份文件"),
            _("您选择的文件没有电子签章，或者已经损坏，不能作为该文书使用。请向持有人索取原文件。"),
        )
    if not found.intact or not found.whole:
        return Result("late", _("文件被改动过"), _("电子签章与文件内容不符：文件在盖章以后被改动过，不能使用。"))
    if not found.trusted:
        return Result("late", _("签章不可信"), _("文件上的电子签章不是由本平台认可的证书签署的，不能使用。"))
    return Result(
        "wait", _("是另一份文书"), _("文件的电子签章有效，但不是这个核验码所指的文书。请输入该文件上的核验码。")
    )


def _facts(thing: VerifiedThing) -> tuple[tuple[str, str], ...]:
    rows = (
        (_("文书名称"), thing.title),
        (_("文号"), thing.number),
        (_("出具机关"), thing.organisation),
        (_("出具日期"), cn_date(thing.issued_on)),
        (_("持有人"), thing.holder),
        *thing.standing.facts,
        (_("核验码"), thing.code),
    )
    return tuple((label, value) for label, value in rows if value)


def _seal(thing: VerifiedThing) -> tuple[tuple[str, str], ...]:
    if not thing.file_sha256:
        return ((_("文件"), _("正在生成，请稍后刷新")),)
    rows = [(_("文件摘要（SHA-256）"), thing.file_sha256)]
    if thing.signature is None:
        return ((_("电子签章"), _("本类文书不加盖印章")), *rows)
    verdict = _("签章有效，文件没有改动") if thing.signature.valid else _("签章校验没有通过，请联系出具机关")
    return ((_("电子签章"), verdict), (_("签章证书"), thing.signature.signer), *rows)
