"""The supervisor's panel: cases in which more was asked for than the guide lists."""

from collections.abc import Mapping
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.web.formats import short_day
from tongban.cases.models import BeyondGuideReport
from tongban.cases.queries.beyond import beyond_guide, beyond_guide_count, supervises
from tongban.desk.registries import Band, Line, Panel, Sheet
from tongban.kernel.actor import Actor


class BeyondGuidePanel(Panel):
    """指南以外的要求."""

    key = "beyond"
    label = "超指南要求"

    def open_to(self, actor: Actor) -> bool:
        """Whoever supervises."""
        return supervises(actor)

    def count(self, actor: Actor) -> int:
        """All reports of the reach, at most 1,000."""
        return beyond_guide_count(actor)

    def sheet(self, actor: Actor, query: Mapping[str, str]) -> Sheet:
        """One page, the newest first: what was asked for, by whom it is said, which body.

        Raises:
            Invalid: a cursor that is not ours.
        """
        page = beyond_guide(actor, cursor=query.get("cursor", ""))
        lines = tuple(_line(one) for one in page.items)
        return Sheet(
            bands=(Band(heading=_("要求了办事指南以外的东西"), lines=lines),) if lines else (),
            next=page.next,
            previous=page.previous,
            empty=(
                _("没有反映"),
                _("申请人反映被要求交指南以外的材料，或者业务系统要求了指南以外的材料时，会列在这里。"),
            ),
        )


def _line(one: BeyondGuideReport) -> Line:
    case, day = one.case, moment.local_date(one.reported_at)
    return Line(
        key=case.case_no,
        href=reverse("cases:case", args=[quote(case.case_no)]),
        due="wait",
        due_words=short_day(day),
        due_on=day,
        title=one.asked,
        subject=case.organisation.name,
        state_tone="wait",
        state_label=one.get_source_display(),
        task=one.words or _("没有其他说明"),
        source=case.item_name,
        who="",
        number=f"{case.case_no[-8:-4]} {case.case_no[-4:]}",
        begun_on=one.asked_on,
    )
