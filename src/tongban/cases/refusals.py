"""Why a case refuses: stable codes, sentences that say what to do next."""

from django.utils.translation import gettext as _

from tongban.cases.states import ACT_LABELS, LABELS, Act, State
from tongban.kernel.problems import Refusal


class CaseRefusal(Refusal):
    """An act on a case that law, state or policy does not allow."""


def wrong_state(act: Act, state: State) -> CaseRefusal:
    """The act does not follow from where the case stands."""
    return CaseRefusal(
        "case_state",
        _("本件现在是“%(state)s”，不能%(act)s。请刷新页面，看看是否已有同事或申请人办过。")
        % {"state": _(LABELS[state]), "act": _(ACT_LABELS[act])},
        data={"state": str(state), "act": str(act)},
    )


def reception_taken(name: str) -> CaseRefusal:
    """A colleague has taken the reception of the case on."""
    return CaseRefusal(
        "reception_claimed",
        _("%s已经领办了本件的收件受理。需要接手的，请他退回待领，或者请本单位负责人退回。") % name,
    )


def copies_for_staff() -> CaseRefusal:
    """Copies with a watermark are for officials; applicants have what they handed in."""
    return CaseRefusal(
        "copy_staff_only",
        _("水印件由办理本件的工作人员取用。您交的材料，请直接打开或下载。"),
        status=403,
    )


def run_elsewhere(act: Act, system: str) -> CaseRefusal:
    """The case is run in a system of others: what is done to it is done there and comes back by itself."""
    return CaseRefusal(
        "case_run_elsewhere",
        _("本件在%(system)s办理，不能在这里%(act)s。请到该系统办理，进度和结果会自动回到这里。")
        % {"system": system, "act": _(ACT_LABELS[act])},
        data={"act": str(act), "system": system},
    )


def not_yours(act: Act) -> CaseRefusal:
    """The actor may see the case but not do this."""
    return CaseRefusal(
        "case_not_permitted",
        _("您的岗位不能对本件%(act)s。请转给有权限的同事办理，或联系本单位负责人调整岗位。")
        % {"act": _(ACT_LABELS[act])},
        status=403,
        data={"act": str(act)},
    )


def not_authorised() -> CaseRefusal:
    """Somebody acts for the applicant whose authority does not go so far."""
    return CaseRefusal(
        "mandate_too_narrow",
        _("您的授权不包括撤回申请。请委托人自己撤回，或者重新授权，并选“也可以替我撤回申请”。"),
        status=403,
    )
