"""What the applicant is told of each act: in the account, and by message to the phone or mailbox given."""

from datetime import date

from tongban.cases.applicants import Service
from tongban.cases.models import Case
from tongban.cases.ways import OUTCOMES
from tongban.documents.models import Document
from tongban.identity.queries import accounts_of_person, may_act_for
from tongban.notices import commands as notices


def submitted(case: Case) -> None:
    """The application is in; here are number and password."""
    _send(
        case,
        "submitted",
        "申请已提交",
        f"您申请的“{case.item_name}”已提交，办件编号 {case.case_no}，查询密码 {case.query_password}。"
        f"受理机关将在 {_day(case.due_acceptance_on)}前告知是否受理。",
    )


def received(case: Case, document: Document) -> None:
    """The materials were taken."""
    _send(case, "received", "材料已收", f"“{case.item_name}”的申请材料已收，收件凭证 {_no(document)}。")


def correction_requested(case: Case, document: Document, due_on: date) -> None:
    """Something must be completed, by a date."""
    _send(
        case,
        "correction",
        "请补正材料",
        f"“{case.item_name}”需要补正，请在 {_day(due_on)}前一次补齐。补正告知书 {_no(document)} 列出了全部内容。",
    )


def pre_review_returned(case: Case, document: Document, due_on: date) -> None:
    """Sent back before receipt: what to complete, in the same application; the limit of acceptance runs on."""
    _send(
        case,
        "pre_review_returned",
        "申请已退回，请补齐",
        f"“{case.item_name}”预审时发现需要补齐的内容，请尽早、最晚在 {_day(due_on)}前在原申请里补齐并重新提交，"
        f"不用重新申请。补正告知书 {_no(document)} 列出了全部内容。",
    )


def correction_received(case: Case) -> None:
    """The completed materials are in."""
    _send(
        case,
        "correction_received",
        "补正材料已收",
        f"“{case.item_name}”的补正材料已收，受理机关将在 {_day(case.due_acceptance_on)}前告知是否受理。",
    )


def accepted(case: Case, document: Document) -> None:
    """Accepted, and by when it will be decided."""
    _send(
        case,
        "accepted",
        "申请已受理",
        f"“{case.item_name}”已受理，预计 {_day(case.promised_due_on)}前办结。受理通知书 {_no(document)}。",
    )


def acceptance_refused(case: Case, document: Document) -> None:
    """Not accepted; the document says why and what can be done."""
    _send(
        case,
        "not_accepted",
        "申请未被受理",
        f"“{case.item_name}”不予受理，理由和救济途径见决定书 {_no(document)}。",
    )


def no_permit_needed(case: Case, document: Document) -> None:
    """No permit is needed."""
    _send(case, "no_permit_needed", "不需要办理许可", f"“{case.item_name}”依法不需要办理，见告知书 {_no(document)}。")


def decided(case: Case, document: Document, *, granted: bool) -> None:
    """Granted or refused."""
    if granted:
        _send(case, "granted", "准予决定", f"“{case.item_name}”已作出准予决定 {_no(document)}，正在制发结果。")
    else:
        _send(
            case,
            "refused",
            "不予决定",
            f"“{case.item_name}”已作出不予决定 {_no(document)}，理由和救济途径见决定书。",
        )


def completed(case: Case) -> None:
    """The result can be taken."""
    _send(case, "completed", "已办结，请领取结果", f"“{case.item_name}”已办结，可登录下载，或到窗口领取。")


def delivered(case: Case) -> None:
    """The result was handed over."""
    _send(case, "delivered", "结果已送达", f"“{case.item_name}”的结果已送达，送达回证已存入本件。")


def parcel_sent(case: Case, carrier: str, number: str) -> None:
    """The result is in the post."""
    _send(
        case, "parcel_sent", "结果已寄出", f"“{case.item_name}”的结果已用{carrier}寄出，邮件号 {number}，请留意签收。"
    )


def service_failed(case: Case, outcome: str) -> None:
    """The result could not be handed over."""
    _send(
        case,
        "service_failed",
        "结果没有送到",
        f"“{case.item_name}”的结果没有送到（{OUTCOMES[outcome]}），请联系办理机关核对地址，或者带身份证件到窗口领取。",
    )


def notice_published(case: Case, document: Document, ends_on: date) -> None:
    """The result is being served by public notice."""
    _send(
        case,
        "notice_published",
        "结果公告送达",
        f"“{case.item_name}”的结果已公告送达（{_no(document)}），至 {_day(ends_on)}期满视为送达。请尽快到窗口领取。",
    )


def withdrawn(case: Case, document: Document) -> None:
    """Withdrawn."""
    _send(case, "withdrawn", "申请已撤回", f"“{case.item_name}”已按您的要求撤回，终止告知书 {_no(document)}。")


def voided(case: Case, document: Document) -> None:
    """Ended as void; the document says why."""
    _send(case, "voided", "办件已作废", f"“{case.item_name}”的办件已作废，理由见终止告知书 {_no(document)}。")


def transferred(case: Case, document: Document, to_body: str) -> None:
    """Passed on; where to ask from now on."""
    _send(
        case,
        "transferred",
        "办件已转报",
        f"“{case.item_name}”已转报{to_body}办理，理由见终止告知书 {_no(document)}。后续进展请向{to_body}查询。",
    )


def returned(case: Case, document: Document) -> None:
    """Returned because nothing was completed in time."""
    _send(
        case,
        "returned",
        "申请已退件",
        f"“{case.item_name}”到期没有补正，已作退件处理，见终止告知书 {_no(document)}。需要办理的，可以重新申请。",
    )


def entry_deleted(case: Case, document: Document) -> None:
    """The window took back an entry made in error."""
    _send(
        case,
        "entry_deleted",
        "一件录入错误的办件已删除",
        f"窗口以您的名义录入的“{case.item_name}”（{case.case_no}）有误，已删除，原因见终止告知书 {_no(document)}。"
        "有疑问请联系受理窗口。",
    )


def reported(case: Case, title: str, words: str) -> None:
    """The system in which the case is run reports something."""
    text = f"“{case.item_name}”：{title}" + (f"（{words}）" if words else "")
    _send(case, "reported", title, f"{text}。进度可登录查看。")


def _send(case: Case, kind: str, title: str, body: str) -> None:
    service = Service.from_json(case.service)
    phone, accounts = service.phone, [case.account]
    if case.agent and case.account_id and case.person_id and case.company_id is None:
        # An agent filed it online: the applicant hears too, the agent as long as the authority lasts.
        accounts = [*accounts_of_person(case.person_id)]
        if may_act_for(case.person_id, case.account_id):
            accounts.append(case.account)
        else:
            phone = ""
    told = {"kind": f"case.{kind}", "subject_ref": case.subject, "title": title, "body": body}
    first, *others = accounts or [None]
    notices.send(
        account=first,
        phone=phone or case.applicant.get("phone") or None,
        email=service.email or None,
        link=f"/my/cases/{case.case_no}/",
        **told,
    )
    for account in others:
        notices.send(account=account, phone="", email="", link=f"/my/cases/{case.case_no}/", **told)


def _no(document: Document) -> str:
    return document.number or ""


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "规定期限"
