"""More was asked than the guide lists: the applicant reports it, or a system's report shows it (行政许可法 art. 31)."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import policy, supervision_events
from tongban.cases.commands import opening
from tongban.cases.models import BeyondGuideReport, Case
from tongban.cases.queries.access import access_case
from tongban.cases.refusals import CaseRefusal
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import Invalid

#: Characters of what was asked for, and of who, when and how.
ASKED_MAX: Final = 200
WORDS_MAX: Final = 1000
#: Reports on one case.
REPORTS_MAX: Final = 20
_Source = BeyondGuideReport.Source


@transaction.atomic
def report_beyond_guide(
    *, actor: Actor, case_no: str, asked: str, words: str = "", asked_on: dt.date | None = None
) -> BeyondGuideReport:
    """Tell supervision that something was asked for which the guide does not list; in any state of the case.

    The same words again change nothing. The handling of the case goes on as it is.

    Args:
        actor: the applicant, or who acts for it.
        case_no: which case.
        asked: what was asked for, 1 to `ASKED_MAX` characters.
        words: by whom, where and how, at most `WORDS_MAX` characters.
        asked_on: the day; not before the application, not in the future.

    Raises:
        NotFound: absent or not the actor's to see.
        CaseRefusal: `beyond_guide_not_yours`, `beyond_guide_full`.
        Invalid: a field is missing, too long or not possible.
    """
    case = access_case(actor, case_no, lock=True)
    if not policy.is_applicant(actor, case):
        told = _("这一栏由申请人填写。办理人员发现问题的，请向本单位或者监督部门反映。")
        raise CaseRefusal("beyond_guide_not_yours", told, status=403)
    asked, words = asked.strip(), words.strip()
    _check(case, asked, words, asked_on)
    known = list(BeyondGuideReport.objects.filter(case=case))
    for one in known:
        if (one.source, one.asked, one.words, one.asked_on) == (_Source.APPLICANT, asked, words, asked_on):
            return one
    if len(known) >= REPORTS_MAX:
        told = _("这个办件的反映已经有 %(n)s 条，监督部门正在处理。还有情况请拨打 12345。") % {"n": len(known)}
        raise CaseRefusal("beyond_guide_full", told)
    return _keep(actor, case, _Source.APPLICANT, asked, words, asked_on, moment.now())


def note_unlisted(case: Case, materials: Sequence[str], words: str, at: dt.datetime) -> list[BeyondGuideReport]:
    """Keep what a system asks for beside the guide of the case, in the transaction of its report; gives the rows."""
    it = definition_of(case.item_version)
    listed = {text for one in it.materials for text in (one.key, one.name)}
    beyond = [name for name in dict.fromkeys(one.strip() for one in materials) if name and name not in listed]
    return [_keep(SYSTEM, case, _Source.SYSTEM, name, words, None, at) for name in beyond]


def _check(case: Case, asked: str, words: str, asked_on: dt.date | None) -> None:
    problems: dict[str, str] = {}
    if not asked or len(asked) > ASKED_MAX:
        problems["asked"] = _("请写明要求了什么，最多 %(n)s 个字。") % {"n": ASKED_MAX}
    if len(words) > WORDS_MAX:
        problems["words"] = _("最多 %(n)s 个字。") % {"n": WORDS_MAX}
    if asked_on is not None and not moment.local_date(case.submitted_at) <= asked_on <= moment.today():
        problems["asked_on"] = _("日期应当在申请之后，不能晚于今天。")
    if problems:
        raise Invalid(fields=problems, code="beyond_guide_invalid")


def _keep(
    actor: Actor, case: Case, source: str, asked: str, words: str, asked_on: dt.date | None, at: dt.datetime
) -> BeyondGuideReport:
    report = BeyondGuideReport.objects.create(
        case=case, source=source, asked=asked, words=words, asked_on=asked_on, reported_at=at
    )
    digest = hashlib.sha256(f"{asked}\n{words}".encode()).hexdigest()
    event = supervision_events.BeyondGuideReported(report=report.pk, source=source, text_sha256=digest)
    opening.tell(case, event, actor=actor, at=at)
    return report
