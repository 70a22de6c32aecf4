"""What a body must do with each of its items (责任清单): its duties by stage, from the definition. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from tongban.catalogue.definition import Definition, Step
from tongban.catalogue.words import DELIVERIES, limit_words

#: 行政许可.
PERMIT: Final = "01"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One duty (责任事项): the stage, what is to be done, by whom, how fast, and on which provision it stands.

    `unit` is the credit code of another body, None for the body itself; `role` as `kernel.actor.Role` writes it, empty
    where the law does not ask for a post.
    """

    stage: str
    what: str
    unit: str | None = None
    role: str = ""
    limit: str = ""
    basis: str = ""


def duties(it: Definition) -> tuple[Duty, ...]:
    """The duties of one item in their order: acceptance, examination, decision, service, oversight afterwards."""
    return (_acceptance(it), *_examinations(it), *_decisions(it), *_service(it), _oversight(it))


def _acceptance(it: Definition) -> Duty:
    return Duty(
        stage=_("受理"),
        what=_("公示办理条件、材料目录和示范文本；当场或者在五日内一次告知需要补正的全部内容；受理或者不予受理出具加盖专用印章、注明日期的书面凭证。"),
        role="window_clerk",
        limit=_("5 个工作日以内"),
        basis=_permit(it, "第三十条、第三十二条"),
    )  # fmt: skip


def _examinations(it: Definition) -> Iterator[Duty]:
    for step in it.steps:
        if step.kind == "approval":
            continue
        special = [one.name for one in it.special_procedures if one.during == step.key]
        words = _("%s：对申请材料进行审查，提出审查意见。") % step.name
        if special:
            words += _("依法进行%s，所需时间书面告知申请人。") % "、".join(special)
        basis = "第三十四条、第四十五条" if special else "第三十四条"
        yield _of_step(step, _("审查"), words, _permit(it, basis))


def _decisions(it: Definition) -> Iterator[Duty]:
    for step in it.steps:
        if step.kind == "approval":
            words = (
                _("%s：在承诺的时限内作出决定；不予办理的，书面说明理由，并告知申请行政复议或者提起行政诉讼的权利。")
                % step.name
            )
            basis = _permit(it, "第三十七条、第三十八条、第四十二条")
            yield _of_step(step, _("决定"), words, basis, limit=limit_words(it.promised))


def _service(it: Definition) -> Iterator[Duty]:
    ways = "、".join(str(DELIVERIES[one]) for one in it.delivery)
    if it.result.kind == "none":
        yield Duty(stage=_("送达"), what=_("把办理结果告知申请人（%s）。") % ways)
        return
    yield Duty(
        stage=_("送达"),
        what=_("制作并送达%(name)s（%(ways)s）；结果依法公开。") % {"name": it.result.name, "ways": ways},
        limit=_("作出决定之日起 10 日以内"),
        basis=_permit(it, "第四十条、第四十四条"),
    )


def _oversight(it: Definition) -> Duty:
    if it.kind == PERMIT:
        words = _("对被许可人从事许可事项活动的情况进行监督检查，记录检查情况和处理结果；接受投诉举报。")
    else:
        words = _("对办理结果的执行情况进行跟踪，发现错误的依法纠正；接受投诉举报。")
    return Duty(stage=_("事后监管"), what=words, basis=_permit(it, "第六十一条、第六十五条"))


def _of_step(step: Step, stage: str, what: str, basis: str, *, limit: str = "") -> Duty:
    """A step's duty; `limit` where the step has none of its own."""
    own = limit_words(step.limit) if step.limit else limit
    return Duty(stage=stage, what=what, unit=step.unit, role=step.role, limit=own, basis=basis)


def _permit(it: Definition, articles: str) -> str:
    """The articles of the licensing act (行政许可法, 2019) for permits; other kinds stand on their own provisions."""
    return f"《中华人民共和国行政许可法》{articles}" if it.kind == PERMIT else _law(it)


def _law(it: Definition) -> str:
    first = it.legal_basis[0]
    return f"《{first.title}》{first.article}"
