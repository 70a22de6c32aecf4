"""What goes into the archive package of a case: documents, files, records of what happened, metadata.

DA/T 85-2019 (政务服务事项电子文件归档规范): one case is one item (一事一档); application, materials, what happened,
result, metadata. Terms of the metadata follow DA/T 46-2009.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from tongban.base import chain, moment
from tongban.base.verification import body
from tongban.cases import ways
from tongban.cases.bag import safe_name
from tongban.cases.models import Case, StepFile
from tongban.cases.models.archive import RETENTION_WORDS
from tongban.cases.queries.completion import completion_of
from tongban.cases.states import LABELS, State
from tongban.documents.kinds import KINDS, Retention
from tongban.documents.models import Document, DocumentFile
from tongban.files.models import StoredFile
from tongban.files.queries import files_of
from tongban.payments.queries import bills_of

NAMESPACE: Final = "urn:tongban:archive:1"
#: Periods from the longest, as 档号 write them: a case is kept as long as the document in it that is kept longest.
PERIODS: Final[Mapping[Retention, str]] = {"permanent": "Y", "30 years": "D30", "10 years": "D10"}
#: What XML 1.0 cannot hold.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Filed:
    """One file of the package: where it stands, what it is, and where its bytes come from."""

    path: str
    title: str
    category: str
    media_type: str
    size: int
    sha256: str
    source: str
    key: int

    def kept(self) -> dict[str, Any]:
        """What is remembered of it."""
        return {"path": self.path, "sha256": self.sha256, "source": self.source, "key": self.key}


def retention_of(documents: Iterable[Document]) -> Retention:
    """How long a case with these documents is kept."""
    kept = {KINDS[one.kind].retention for one in documents}
    return next((period for period in PERIODS if period in kept), "10 years")


def files_in(case: Case, documents: Sequence[Document]) -> list[Filed] | None:
    """Every document, void ones too, every file that was handed in and every one that an opinion has; None while a
    document has no file yet.
    """
    sealed = DocumentFile.objects.defer("pdf").in_bulk([one.pk for one in documents])
    if len(sealed) < len(documents):
        return None
    found = [
        Filed(
            path="文书/" + safe_name(f"{number:02} {one.title}.pdf"),
            title=f"{one.title} {one.number}".strip(),
            category="文书",
            media_type="application/pdf",
            size=sealed[one.pk].size_bytes,
            sha256=sealed[one.pk].sha256,
            source="document",
            key=one.pk,
        )
        for number, one in enumerate(documents, start=1)
    ]
    named = {one.file_id: one for one in case.materials.all()}
    for number, file in enumerate(files_of("case", case.case_no), start=1):
        material = named.get(file.pk)
        title = material.name if material else "送达、签名凭证"
        replaced = "（补正前）" if material and not material.current else ""
        path = "材料/" + safe_name(f"{number:02} {title}{replaced} {file.name}")
        found.append(_stored(file, path, title=f"{title}{replaced}", category="材料" if material else "凭证"))
    for number, one in enumerate(_added(case), start=1):
        path = "意见附件/" + safe_name(f"{number:02} {one.step.name} {one.file.name}")
        found.append(_stored(one.file, path, title=f"{one.step.name} {one.file.name}", category="意见附件"))
    return found


def stored_in(case: Case) -> list[StoredFile]:
    """The files among them that lie in the store."""
    return [*files_of("case", case.case_no), *(one.file for one in _added(case))]


def _added(case: Case) -> list[StepFile]:
    return list(StepFile.objects.filter(step__case=case).select_related("file", "step").order_by("pk"))


def _stored(file: StoredFile, path: str, *, title: str, category: str) -> Filed:
    return Filed(
        path=path,
        title=title,
        category=category,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        source="file",
        key=file.pk,
    )


def records_of(case: Case) -> dict[str, str]:
    """What happened, as texts: application, signatures, opinions, notes, decision, end, service, payment, events."""
    decision = getattr(case, "decision", None)
    correction = getattr(case, "correction", None)
    completion = completion_of(case)
    records: dict[str, Any] = {
        "过程/申请.json": {
            "applicant": case.applicant,
            "agent": case.agent,
            "answers": case.answers,
            "form": case.form,
            "service": case.service,
            "channel": case.channel,
            "materials": list(
                case.materials.order_by("pk").values(
                    "key", "name", "source", "trust_level", "copies", "current", "added_at"
                )
            ),
        },
        "过程/签名.json": [
            _row(one, "purpose", "content", "sha256", "signer_ref", "method", "evidence", "signed_at")
            for one in case.signatures.order_by("pk")
        ],
        "过程/意见.json": [
            _row(
                one,
                "key",
                "name",
                "round",
                "state",
                "agree",
                "opinion",
                "checklist",
                "opened_at",
                "due_on",
                "done_at",
                "done_by_title",
            )
            | {"organisation": one.organisation.name}
            for one in case.steps.select_related("organisation").order_by("pk")
        ],
        "过程/留言.json": [_row(one, "author_title", "text", "written_at") for one in case.notes.order_by("pk")],
        "过程/办结.json": asdict(completion) if completion else None,
        "过程/决定.json": _row(decision, "kind", "reason", "basis", "right_body", "decided_at") if decision else None,
        "过程/补正.json": (
            _row(correction, "defects", "requested_at", "due_on", "answered_at", "in_pre_review")
            if correction
            else None
        ),
        "过程/送达.json": _service(case),
        "过程/缴费.json": [
            _row(one, "bill_no", "amount_fen", "lines", "state", "settled_at") for one in bills_of(case.subject)
        ],
    }
    texts = {path: _text(value) for path, value in records.items() if value}
    texts["过程/事件.jsonl"] = "".join(
        json.dumps(
            {**body(one), "previous": bytes(one.previous).hex(), "hash": bytes(one.hash).hex()},
            ensure_ascii=False,
            sort_keys=True,
        )
        + "\n"
        for one in chain.events(case.subject)
    )
    return texts


def metadata_of(
    case: Case, *, archive_no: str, serial: int, year: int, retention: Retention, at: datetime, files: Iterable[Filed]
) -> str:
    """The metadata as XML."""
    root = ET.Element("归档信息包", {"xmlns": NAMESPACE, "版本": "1"})
    described = {
        "档号": archive_no,
        "全宗号": case.organisation.code,
        "档案门类": "政务服务",
        "年度": str(year),
        "保管期限": RETENTION_WORDS[retention],
        "件号": str(serial),
        "题名": f"{case.applicant['name']} {case.item_name}",
        "责任者": case.organisation.name,
        "办件编号": case.case_no,
        "事项名称": case.item_name,
        "事项实施编码": case.implementation.task_code,
        "行政区划": case.division_id,
        "申请人": str(case.applicant["name"]),
        "申请人证件号码": str(case.applicant.get("document_number", "")),
        "申请日期": _day(case.submitted_at),
        "受理日期": _day(case.accepted_at),
        "决定日期": _day(case.decided_at),
        "办结日期": _day(case.completed_at),
        "办结结果代码": case.result_code,
        "办结结果": LABELS[State(case.state)],
        "送达日期": _day(case.delivered_at),
        "归档日期": _day(at),
    }
    for name, text in described.items():
        ET.SubElement(root, name).text = _writable(text)
    listed = ET.SubElement(root, "文件")
    for number, one in enumerate(files, start=1):
        ET.SubElement(
            listed,
            "文件实体",
            {
                "序号": str(number),
                "路径": _writable(f"data/{one.path}"),
                "题名": _writable(one.title),
                "类别": one.category,
                "格式": one.media_type,
                "字节数": str(one.size),
                "SHA-256": one.sha256,
            },
        )
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _service(case: Case) -> dict[str, Any]:
    return {
        "deliveries": [
            _row(one, "method", "outcome", "at", "collector", "facts") | {"way": _(ways.WAYS[one.method].label)}
            for one in case.deliveries.order_by("pk")
        ],
        "parcels": [
            _row(one, "carrier", "tracking_no", "addressee", "sent_at", "state", "ended_at")
            | {"scans": list(one.scans.values("code", "at", "place", "signed_by"))}
            for one in case.parcels.order_by("pk")
        ],
        "notices": [
            _row(one, "recipient", "papers", "reason", "account", "published_at", "ends_on", "ended_at")
            for one in case.public_notices.order_by("pk")
        ],
    }


def _row(row: Any, *fields: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}


def _text(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _day(at: datetime | None) -> str:
    return moment.local_date(at).isoformat() if at else ""


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)
