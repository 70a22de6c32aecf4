"""Filling a database with items by COPY: plausible names from parts, found by the keys of the search itself.

Deterministic by seed. What an item needs to be found, narrowed, chosen and shown in a list is there; its definition is
short, because no list reads it.
"""

import hashlib
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, connections, transaction
from psycopg.types.json import Json

from tongban.base import moment
from tongban.catalogue.models import BaseItem, SearchTerm
from tongban.catalogue.searching import indexing, words
from tongban.catalogue.searching.indexing import Body
from tongban.catalogue.searching.narrowing import place_tokens
from tongban.config.rehearsal.bench.loading import Loaded
from tongban.directory.models import Division, Organisation

SLUG = "bench-"
_BATCH = 5_000
#: One item in so many is run by several bodies.
_SHARED_OF = 4
_BODIES_SHARED = 4


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WHAT = _words(
    "食品 药品 医疗器械 特种设备 危险化学品 烟花爆竹 建筑垃圾 生活污水 城市道路 公路 河道 "
    "水库 林木 苗木种子 农药 兽药 饲料 动物 水产苗种 渔业船舶 拖拉机 客运车辆 货运车辆 "
    "出租汽车 驾驶培训 船员 港口 房屋 土地 矿产资源 地图 测绘 档案 文物 电影 出版物 "
    "印刷 广播电视 互联网 演出 娱乐场所 体育项目 旅行社 导游 民办学校 幼儿园 教师 医师 "
    "护士 诊所 血液 放射源 辐射 噪声 废水 废气 固体废物 消防 人防 气象 防雷 地震 计量 "
    "检验检测 认证 商标 专利 广告 拍卖 典当 融资担保 外商投资 会计 律师 公证 司法鉴定 "
    "保安 枪支 印章 户籍 身份证件 出入境 社会团体 慈善组织 基金会 殡葬 婚姻 收养 残疾人 "
    "退役军人 老年人 儿童 低收入家庭 职工 农民工 毕业生 失业人员 养老保险 医疗保险 "
    "工伤保险 生育保险 住房公积金 公租房"
)
_OF_IT = _words(
    "生产 经营 销售 批发 零售 运输 储存 使用 进口 出口 维修 安装 检测 设计 施工 监理 "
    "设立 改建 扩建 拆除 占用 挖掘 排放 处置 收集 转让 租赁 抵押 从业资格 执业资格 "
    "作业人员 项目 场所 机构 设施 补贴 津贴 待遇 救助 奖励 信息 合同 证书 年度报告"
)
_ACT = _words(
    "许可 许可证核发 审批 核准 备案 登记 认定 确认 申领 变更 延续 补办 注销 审核 查询 验收 年检 公示 报告 转移接续"
)
_NOTE = ("", "（新办）", "（变更）", "（延续）", "（市级权限）", "（县级权限）", "（乡镇受理）", "（委托下放）")
_SAID = ("开{0}店", "办{0}证", "{0}{1}怎么弄", "{0}证丢了", "{0}{1}补贴", "申请{0}{1}", "{0}执照", "我要{1}{0}")
_TOPICS = ("c:010", "c:040", "c:090", "c:110", "p:030", "p:040", "p:060", "p:085", "p:095")


@dataclass(frozen=True)
class _Item:
    """One made-up item before it is written."""

    number: int
    base: BaseItem
    bodies: list[Body]
    owners: list[Organisation]
    definition: dict[str, Any]


def already_there() -> int:
    """How many items were loaded before."""
    found = BaseItem.objects.filter(slug__startswith=SLUG).count()
    return int(found)


def load_items(*, items: int, seed: int, skip: int = 0) -> Loaded:
    """Load so many items in all; the first `skip` are there already.

    Raises:
        LookupError: the city has no bodies.
    """
    owners = list(Organisation.objects.filter(kind="department").order_by("pk").select_related("division"))
    if not owners:
        raise LookupError("the city has no department")
    parents: dict[str, str | None] = dict(Division.objects.values_list("code", "parent_id"))
    began, rows = time.perf_counter(), 0
    for start in range(skip, items, _BATCH):
        made = [_item(number, seed, owners) for number in range(start, min(start + _BATCH, items))]
        rows += _write(made, parents)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE catalogue_searchentry")
        cursor.execute(
            "ANALYZE catalogue_baseitem, catalogue_implementation, catalogue_itemversion, catalogue_searchterm"
        )
    return Loaded(cases=items - skip, rows=rows, seconds=time.perf_counter() - began)


def name_of(number: int) -> tuple[str, str, str]:
    """What, what of it, and the whole name of the item with a number: no name comes twice within 700,000."""
    left, what = divmod(number * 7_919 % 704_000, len(_WHAT))
    left, of_it = divmod(left, len(_OF_IT))
    note, act = divmod(left, len(_ACT))
    return _WHAT[what], _OF_IT[of_it], f"{_WHAT[what]}{_OF_IT[of_it]}{_ACT[act]}{_NOTE[note % len(_NOTE)]}"


def _item(number: int, seed: int, owners: Sequence[Organisation]) -> _Item:
    chance = random.Random(seed * 1_000_003 + number)  # noqa: S311 - repeatable on purpose
    what, of_it, name = name_of(number)
    said = [one.format(what, of_it) for one in chance.sample(_SAID, 3)]
    count = _BODIES_SHARED if number % _SHARED_OF == 0 else 1
    chosen = chance.sample(owners, min(count, len(owners)))
    company = chance.random() < 0.5
    definition: dict[str, Any] = {
        "name": name, "catalog_code": f"B{number:011}", "kind": "01", "legal_basis": [], "search_words": said,
        "result": {"name": f"{what}{of_it}证"}, "promised": {"amount": chance.randint(1, 20), "unit": "working_days"},
        "onsite_visits": chance.randrange(3), "fee": [], "handle_forms": ["window", "web"][: chance.randint(1, 2)],
    }  # fmt: skip
    base = BaseItem(
        slug=f"{SLUG}{number}", catalog_code=definition["catalog_code"], name=name, kind="01",
        service_targets=["company"] if company else ["person"], topics=[chance.choice(_TOPICS)],
        rank=chance.randint(100, 30_000),
    )  # fmt: skip
    bodies = [
        Body(
            version_id=0, task_code=f"{owner.code}{number:012}", division=owner.division_id,
            level="3" if owner.division.level == "city" else "4", key=owner.ref.rpartition(":")[2], name=owner.name,
            windows=("zz-hall",), online=len(definition["handle_forms"]) > 1, visits=definition["onsite_visits"],
        )
        for owner in chosen
    ]  # fmt: skip
    return _Item(number, base, bodies, chosen, definition)


@transaction.atomic
def _write(made: Sequence[_Item], parents: dict[str, str | None]) -> int:
    bases = iter(_keys("catalogue_baseitem", len(made)))
    count = sum(len(one.bodies) for one in made)
    items, versions = iter(_keys("catalogue_implementation", count)), iter(_keys("catalogue_itemversion", count))
    tables: dict[str, list[tuple[Any, ...]]] = {"base": [], "item": [], "version": [], "entry": []}
    terms: set[str] = set()
    now = moment.now()
    for one in made:
        key, base, definition = next(bases), one.base, one.definition
        elements = {name: definition[name] for name in ("name", "catalog_code", "kind", "legal_basis")}
        tables["base"].append((
            key, base.slug, base.catalog_code, False, base.name, base.kind, base.service_targets, base.topics, [],
            base.rank, Json(elements), 1, "active", "", [], "", "",
        ))  # fmt: skip
        for body, owner in zip(one.bodies, one.owners, strict=True):
            item, version = next(items), next(versions)
            summary = Json({"online": body.online, "visits": body.visits})
            tables["item"].append((
                item, key, owner.pk, body.division, body.level, body.task_code, "active", "", version, summary,
                list(body.windows), "",
            ))  # fmt: skip
            digest = hashlib.sha256(body.task_code.encode()).hexdigest()
            tables["version"].append((version, item, 1, Json(definition), digest, now, "system:bench"))
        tables["entry"].append((
            key, base.rank, " ".join(f"'{word}'" for word in sorted(set(_search_keys(one)))),
            sorted(indexing.facets_of(base, one.bodies, ())),
            list(place_tokens({body.division for body in one.bodies}, parents)),
            Json(indexing.shown_of(base, one.bodies, definition)),
        ))  # fmt: skip
        terms.update(indexing.terms_of(base.name, definition))
    for name, rows in tables.items():
        _copy(*_TABLES[name], rows)
    _copy_terms(terms)
    return sum(map(len, tables.values()))


_TABLES = {
    "base": (
        "catalogue_baseitem",
        (
            "id, slug, catalog_code, official_code, name, kind, service_targets, topics, sample_fields, rank, "
            "elements, number, state, state_reason, successors, pack_digest, search_text"
        ),
    ),
    "item": (
        "catalogue_implementation",
        (
            "id, base_id, organisation_id, division_id, level, task_code, state, state_reason, current_id, summary, "
            "windows, pack_digest"
        ),
    ),
    "version": (
        "catalogue_itemversion",
        "id, implementation_id, number, definition, digest, published_at, published_by",
    ),
    "entry": ("catalogue_searchentry", "base_id, rank, search, facets, places, shown"),
}


def _search_keys(one: _Item) -> Iterator[str]:
    """The keys that `indexing.keys_of` gives, those of words that come again kept."""
    yield from words.whole(one.base.name)
    yield from words.keys(one.base.name, words.NAME)
    for phrase in one.definition["search_words"]:
        yield from _said(phrase)
    yield from _result(one.definition["result"]["name"])
    for body in one.bodies:
        yield from _body(body.name)


@lru_cache(maxsize=50_000)
def _said(phrase: str) -> tuple[str, ...]:
    return (*words.whole(phrase), *words.keys(phrase, words.SAID))


@lru_cache(maxsize=50_000)
def _result(phrase: str) -> tuple[str, ...]:
    return tuple(words.keys(phrase, words.RESULT))


@lru_cache(maxsize=5_000)
def _body(name: str) -> tuple[str, ...]:
    return tuple(indexing.body_keys(name))


def _copy_terms(terms: set[str]) -> None:
    known = set(SearchTerm.objects.filter(text__in=terms).values_list("text", flat=True))
    new = [(text, words.latin(text)[0], list(words.slips(text))) for text in sorted(terms - known)]
    _copy("catalogue_searchterm", "text, pinyin, slips", new)


def _copy(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as sink:
        for row in rows:
            sink.write_row(row)


def _keys(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(row[0]) for row in cursor.fetchall()]
