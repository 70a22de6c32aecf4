"""Writes the rows by which items are found, in the transaction that changes what they are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Func, Value

from tongban.catalogue.models import BaseItem, Implementation, LifeEvent, SearchEntry, SearchTerm
from tongban.catalogue.searching import words
from tongban.catalogue.searching.narrowing import place_tokens, token
from tongban.directory.models import Division
from tongban.kernel import chinese

#: Bodies whose own names are found; of more only what kind of body it is.
_NAMED_BODIES_MAX = 12
#: Items that are written at once.
_BLOCK = 200
#: Class of our advisory locks; the key is the item's.
_LOCK = 430_204

_gathered: ContextVar[set[int] | None] = ContextVar("tongban_search_gathered", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Until the block ends, what is touched is only noted; then it is written once, in the same transaction."""
    if _gathered.get() is not None:
        yield
        return
    noted: set[int] = set()
    reset = _gathered.set(noted)
    try:
        yield
    finally:
        _gathered.reset(reset)
    refresh(noted)


def touch(base_id: int) -> None:
    """Write the row of an item anew: it, a body of it or a version in force has changed."""
    noted = _gathered.get()
    if noted is None:
        refresh((base_id,))
    else:
        noted.add(base_id)


def refresh(base_ids: Iterable[int]) -> None:
    """Write the rows of these items anew, in the caller's transaction; one that takes no cases is found no more."""
    wanted = sorted(set(base_ids))
    if wanted:
        _hold(wanted)
    for start in range(0, len(wanted), _BLOCK):
        _refresh(wanted[start : start + _BLOCK])


def _hold(base_ids: list[int]) -> None:
    """Let whoever writes one of these rows wait until the transaction ends, and then see what it has changed.

    The last locks that a command takes: who holds them waits for nobody. Of many items the whole table is held.
    """
    many = len(base_ids) > _BLOCK
    with connection.cursor() as cursor:
        if many:
            cursor.execute("LOCK TABLE catalogue_searchentry IN SHARE ROW EXCLUSIVE MODE")
        else:
            cursor.execute("LOCK TABLE catalogue_searchentry IN ROW EXCLUSIVE MODE")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, one) FROM unnest(%s::int[]) AS one", [_LOCK, base_ids])


@dataclass(frozen=True, kw_only=True)
class Body:
    """One body that takes cases for an item, as its version in force says."""

    version_id: int
    task_code: str
    division: str
    level: str
    key: str
    name: str
    windows: tuple[str, ...]
    online: bool
    visits: int


def _refresh(base_ids: list[int]) -> None:
    bases = list(BaseItem.objects.filter(pk__in=base_ids))
    bodies = _bodies(base_ids)
    firsts = {rows[0].version_id: base for base, rows in bodies.items()}
    definitions = _definitions(list(firsts))
    events = _events()
    parents: dict[str, str | None] = dict(Division.objects.values_list("code", "parent_id"))
    entries = []
    terms: set[str] = set()
    for base in bases:
        rows = bodies.get(base.pk)
        if rows:
            definition = definitions[rows[0].version_id]
            entries.append(_entry(base, rows, definition, events.get(base.slug, ()), parents))
            terms.update(terms_of(base.name, definition))
    SearchEntry.objects.filter(base_id__in=set(base_ids) - {one.base_id for one in entries}).delete()
    fields = ["rank", "search", "facets", "places", "shown"]
    SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["base"], update_fields=fields)
    _keep_terms(terms)


def _bodies(base_ids: list[int]) -> dict[int, list[Body]]:
    rows = Implementation.objects.filter(base_id__in=base_ids, state=Implementation.State.ACTIVE)
    parts = ("windows", "summary__online", "summary__visits")
    names = ("base_id", "current_id", "task_code", "division_id", "level", "organisation__ref", "organisation__name")
    found: dict[int, list[Body]] = defaultdict(list)
    for base, version, code, division, level, ref, name, windows, online, visits in rows.order_by(
        "division_id", "id"
    ).values_list(*names, *parts):
        found[base].append(
            Body(
                version_id=version,
                task_code=code,
                division=division,
                level=level,
                key=ref.rpartition(":")[2],
                name=name,
                windows=tuple(windows),
                online=bool(online),
                visits=int(visits or 0),
            )
        )
    return found


def _definitions(version_ids: list[int]) -> dict[int, dict[str, Any]]:
    from tongban.catalogue.models import ItemVersion

    return dict(ItemVersion.objects.filter(pk__in=version_ids).values_list("pk", "definition"))


def _events() -> dict[str, list[str]]:
    """Slug of an item to the slugs of the events that it belongs to."""
    found: dict[str, list[str]] = defaultdict(list)
    for event, items in LifeEvent.objects.values_list("slug", "items"):
        for item in items:
            found[item].append(event)
    return found


def _entry(
    base: BaseItem,
    bodies: list[Body],
    definition: dict[str, Any],
    events: Iterable[str],
    parents: dict[str, str | None],
) -> SearchEntry:
    return SearchEntry(
        base=base,
        rank=base.rank,
        search=_vector(keys_of(base.name, definition, bodies)),
        facets=sorted(facets_of(base, bodies, events)),
        places=list(place_tokens({one.division for one in bodies}, parents)),
        shown=shown_of(base, bodies, definition),
    )


def keys_of(name: str, definition: dict[str, Any], bodies: list[Body]) -> Iterator[str]:
    """Keys by which an item is found."""
    said = definition.get("search_words", ())
    for phrase in (name, *said):
        yield from words.whole(phrase)
    yield from words.keys(name, words.NAME)
    for phrase in said:
        yield from words.keys(phrase, words.SAID)
    yield from words.keys(definition["result"]["name"], words.RESULT)
    named = sorted({one.name for one in bodies})
    for organisation in named if len(named) <= _NAMED_BODIES_MAX else ():
        yield from body_keys(organisation)


def body_keys(name: str) -> Iterator[str]:
    """Keys of the name of a body."""
    yield from (words.BODY + word for word in chinese.words(name))


def _vector(keys: Iterator[str]) -> Func:
    """The keys as they are: nothing of them is read as grammar."""
    listed = sorted({one[:60] for one in keys})
    return Func(Value(listed), function="array_to_tsvector", template="%(function)s(%(expressions)s::text[])",
                output_field=SearchVectorField())  # fmt: skip


def facets_of(base: BaseItem, bodies: list[Body], events: Iterable[str]) -> set[str]:
    """Tokens by which an item is narrowed."""
    found = {token("target", one) for one in base.service_targets}
    found |= {token("topic", one) for one in base.topics}
    found |= {token("event", one) for one in events}
    found |= {token("initial", words.initial(base.name)), token("kind", base.kind)}
    for body in bodies:
        found |= {token("department", body.key), token("level", body.level), token("visits", str(body.visits))}
        found |= {token("hall", one) for one in body.windows}
        if body.online:
            found.add(token("online", "1"))
    return found


def shown_of(base: BaseItem, bodies: list[Body], definition: dict[str, Any]) -> dict[str, Any]:
    """The line of a list."""
    said = list(definition.get("search_words", ()))
    return {
        "slug": base.slug,
        "name": base.name,
        "kind": base.kind,
        "code": bodies[0].task_code,
        "body": bodies[0].name,
        "choices": len(bodies),
        "targets": list(base.service_targets),
        "topics": list(base.topics),
        "said": said,
        "letters": [words.latin(words.run(one)) for one in said],
        **facts(definition),
    }


def facts(definition: dict[str, Any]) -> dict[str, Any]:
    """What a list tells of a definition: limit, visits, fee and whether it can be done online, as plain values."""
    fees = definition.get("fee", ())
    one = fees[0] if len(fees) == 1 and fees[0].get("quantity_field") is None else None
    return {
        "limit": [definition["promised"]["amount"], definition["promised"]["unit"]],
        "visits": definition["onsite_visits"],
        "fees": len(fees),
        "fee": [one["amount_fen"], one["unit"]] if one else None,
        "online": bool({"web", "mobile"} & set(definition["handle_forms"])),
    }


def terms_of(name: str, definition: dict[str, Any]) -> Iterator[str]:
    """What somebody may have meant: everyday words, the name and its words."""
    for phrase in (name, *definition.get("search_words", ())):
        for text in (words.run(phrase), *chinese.words(phrase)):
            if words.may_be_meant(text) and not text.isascii():
                yield text


def _keep_terms(terms: set[str]) -> None:
    known = set(SearchTerm.objects.filter(text__in=terms).values_list("text", flat=True))
    SearchTerm.objects.bulk_create(
        (
            SearchTerm(text=text, pinyin=words.latin(text)[0], slips=list(words.slips(text)))
            for text in sorted(terms - known)
        ),
        ignore_conflicts=True,
    )
