"""The province's catalogue, taken over: a batch of records with marks for inserted, updated and deleted."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import ConfigDict, StrictInt

from tongban.base.web.api import actor_of
from tongban.base.web.offering import changing
from tongban.catalogue import commands
from tongban.catalogue.commands import SyncOutcome, SyncRecord

router = Router(tags=["items"])

_EXAMPLE: dict[str, Any] = {
    "records": [
        {
            "cd_operation": "U",
            "dataver": 7,
            "catalog_code": "000131999000",
            "elements": {
                "name": "示例目录事项",
                "catalog_code": "000131999000",
                "kind": "01",
                "legal_basis": [{"title": "示例条例", "article": "第一条", "kind": "regulation"}],
                "levels": ["3", "4"],
            },
        },
        {
            "cd_operation": "D",
            "dataver": "2026-11-24T09:30:00+08:00",
            "task_code": "11430212MB1F07267M4000131999000",
            "reason": "设定依据已经废止",
        },
    ]
}


class SyncRecordIn(Schema):
    """One record: an implementation where `task_code` is given, else an entry of the directory."""

    cd_operation: Literal["I", "U", "D"] = Field(description="I 新增，U 更新（没有的当作新增），D 取消。")
    dataver: StrictInt | str = Field(
        description="数据版本：不小于 0 的整数，或者时间。不比同一记录上次的新，就什么也不改。"
    )
    catalog_code: str = Field("", max_length=12, description="基本编码；目录事项的记录必填。")
    task_code: str = Field("", max_length=50, description="实施编码；实施清单的记录必填。")
    organisation_code: str = Field(
        "", max_length=18, description="实施机构的统一社会信用代码；不写则取实施编码的前 18 位。"
    )
    elements: dict[str, Any] | None = Field(
        None, description="目录要素：name、catalog_code、kind、legal_basis、levels。可以随实施清单一起写。"
    )
    definition: dict[str, Any] | None = Field(
        None, description="实施清单的全部内容，结构与 GET /items/{task_code} 的 definition 相同。"
    )
    task_state: Literal["1", "2", "3"] | None = Field(
        None, description="事项状态：1 在用，2 暂停，3 取消。不写则不变，新增的为在用。"
    )
    reason: str = Field("", max_length=400, description="暂停、取消的原因，会写在指南上。")


class SyncIn(Schema):
    """A batch of records; their order does not matter."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    records: list[SyncRecordIn] = Field(min_length=1, max_length=commands.SYNC_RECORDS_MAX)


class FaultOut(Schema):
    """What is wrong at one place."""

    field: str
    message: str


class SyncResultOut(Schema):
    """What became of one record."""

    code: str
    outcome: Literal["inserted", "updated", "unchanged", "stale", "refused"] = Field(
        description="unchanged 内容相同或者同一数据版本已经收过，stale 已经收过更新的数据版本，refused 没有收下。"
    )
    number: int | None = Field(description="现在生效的版本号。")
    refusal: str = Field(description="没有收下时，稳定不变的原因代码；否则为空。")
    message: str = Field(description="没有收下时，可以直接给人看的中文句子；否则为空。")
    errors: list[FaultOut] = Field(description="逐项的错误；field 是记录里的路径。")


class SyncOut(Schema):
    """The results in the order of the records."""

    results: list[SyncResultOut]


@changing(router, "/items/sync", SyncOut, "同步事项", scope="items:write")
def sync_items(request: HttpRequest, body: SyncIn) -> SyncOut:
    """Take over a batch of records; each stands or falls for itself, and a batch may be sent again at any time."""
    records = [
        SyncRecord(operation=one.cd_operation, **one.model_dump(exclude={"cd_operation"})) for one in body.records
    ]
    outcomes = commands.sync_items(actor=actor_of(request), records=records)
    return SyncOut(results=[_result(*pair) for pair in zip(records, outcomes, strict=True)])


def _result(record: SyncRecord, outcome: SyncOutcome) -> SyncResultOut:
    refusal = outcome.refusal
    return SyncResultOut(
        code=record.code,
        outcome=outcome.outcome,
        number=outcome.number,
        refusal=refusal.code if refusal else "",
        message=refusal.message if refusal else "",
        errors=[FaultOut(field=path, message=text) for path, text in (refusal.fields if refusal else {}).items()],
    )
