"""The room's parts of the city pack: `licence-types.yaml`, and the licences that demonstration persons already hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from django.conf import settings
from pydantic import Field

from tongban.base.pack import Changes, Document, Finding, Pack, PackSection, Shape, parse
from tongban.kernel.actor import Actor
from tongban.kernel.codes import CodeError, document_kinds, uscc
from tongban.licences import commands
from tongban.licences.models import Licence, LicenceType

TYPES = "licence-types.yaml"
SAMPLES = "licence-samples.yaml"
Label = Annotated[str, Field(min_length=1, max_length=40)]


class FaceLine(Shape):
    """A line of the face: its label and the labels of the form from which it may come (its own, if none is named)."""

    label: Label
    sources: tuple[Annotated[str, Field(max_length=200)], ...] = ()


class TypeShape(Shape):
    """A licence type as the pack writes it."""

    code: Annotated[str, Field(pattern=r"^[0-9A-Z]{18}[0-9]{3}$")]
    name: Annotated[str, Field(min_length=2, max_length=100)]
    definer: Annotated[str, Field(min_length=2, max_length=100)]
    layout: Literal["permit", "register"] = "permit"
    holder: Literal["person", "organisation", "any"] = "any"
    single: bool = False
    issued_here: bool = True
    face: tuple[FaceLine, ...] = ()
    footnote: Annotated[str, Field(max_length=300)] = ""


class TypesShape(Shape):
    """The file of types."""

    types: tuple[TypeShape, ...]


class SampleShape(Shape):
    """A licence that a demonstration person already holds."""

    type: str
    holder_name: Annotated[str, Field(min_length=2, max_length=100)]
    holder_code: Annotated[str, Field(min_length=5, max_length=30)]
    holder_kind: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    #: The number; none: the holder's own code (居民身份证, 营业执照).
    number: Annotated[str, Field(max_length=100)] = ""
    #: Reference of the issuing body in the pack (`430212:scjgj`).
    issuer: str
    issued_on: dt.date
    valid_to: dt.date | None = None
    fields: dict[str, str] = {}


class SamplesShape(Shape):
    """The file of samples."""

    licences: tuple[SampleShape, ...]


_HOLDERS = {"person": "111", "organisation": "001", "any": ""}


class LicenceTypeSection(PackSection):
    """Checks and loads the licence types; defines `licence_type` by code for the catalogue."""

    name: ClassVar[str] = "licence-types"
    title: ClassVar[str] = "证照类型"
    order: ClassVar[int] = 40
    files: ClassVar[tuple[str, ...]] = (TYPES,)

    def check(self, pack: Pack) -> Iterable[Finding]:
        document = pack.yaml(TYPES)
        if document is None:
            return
        shape, found = parse(document, TypesShape)
        yield from found
        for index, one in enumerate(shape.types if shape else ()):
            path = ("types", index, "code")
            try:
                uscc.parse(one.code[:18])
            except CodeError as error:
                yield document.finding(path, f"证照类型代码的前 18 位不是统一社会信用代码:{error.message}")
            if not pack.define("licence_type", one.code, one):
                yield document.finding(path, f"证照类型代码 {one.code} 写了两次")

    def load(self, pack: Pack, actor: Actor) -> Changes:
        del actor
        changes = Changes()
        document = pack.yaml(TYPES)
        shape = parse(document, TypesShape)[0] if document is not None else None
        if shape is None:
            return changes
        known = {row.code: row for row in LicenceType.objects.all()}
        for one in shape.types:
            _load_type(one, known.get(one.code), changes)
        gone = set(known) - {one.code for one in shape.types}
        for row in (known[code] for code in sorted(gone) if known[code].active):
            # Licences of the type stay: a type is retired, never removed.
            row.active = False
            row.save(update_fields=["active"])
            changes.retired.append(row.name)
        return changes


class LicenceSampleSection(PackSection):
    """Checks the sample licences, and loads them where the installation is a demonstration."""

    name: ClassVar[str] = "licence-samples"
    title: ClassVar[str] = "示例证照"
    order: ClassVar[int] = 45
    files: ClassVar[tuple[str, ...]] = (SAMPLES,)

    def check(self, pack: Pack) -> Iterable[Finding]:
        document = pack.yaml(SAMPLES)
        if document is None:
            return
        shape, found = parse(document, SamplesShape)
        yield from found
        for index, one in enumerate(shape.licences if shape else ()):
            yield from _check_sample(pack, document, index, one)

    def load(self, pack: Pack, actor: Actor) -> Changes:
        changes = Changes()
        document = pack.yaml(SAMPLES)
        shape = parse(document, SamplesShape)[0] if document is not None else None
        if shape is None or not getattr(settings, "DEMO", False):
            return changes
        before = Licence.objects.filter(source=Licence.Source.IMPORTED).count()
        for one in shape.licences:
            _load_sample(actor, one)
        after = Licence.objects.filter(source=Licence.Source.IMPORTED).count()
        changes.added.extend(["示例证照"] * (after - before))
        changes.unchanged = len(shape.licences) - (after - before)
        return changes


def _load_type(one: TypeShape, row: LicenceType | None, changes: Changes) -> None:
    face = [{"label": line.label, "sources": list(line.sources or (line.label,))} for line in one.face]
    wanted: dict[str, Any] = {
        "name": one.name,
        "definer_name": one.definer,
        "layout": one.layout,
        "holder_kind": _HOLDERS[one.holder],
        "single": one.single,
        "face": face,
        "footnote": one.footnote,
        "issued_here": one.issued_here,
        "active": True,
    }
    if row is None:
        LicenceType.objects.create(code=one.code, **wanted)
        changes.added.append(one.name)
    elif any(getattr(row, key) != value for key, value in wanted.items()):
        LicenceType.objects.filter(pk=one.code).update(**wanted)
        changes.changed.append(one.name)
    else:
        changes.unchanged += 1


def _check_sample(pack: Pack, document: Document, index: int, one: SampleShape) -> Iterable[Finding]:
    if pack.resolve("licence_type", one.type) is None:
        yield pack.unknown("licence_type", one.type, document, ("licences", index, "type"), "证照类型")
    if pack.resolve("organisation", one.issuer) is None:
        yield pack.unknown("organisation", one.issuer, document, ("licences", index, "issuer"), "机构")
    try:
        document_kinds.parse(one.holder_kind, one.holder_code)
    except CodeError as error:
        yield document.finding(("licences", index, "holder_code"), error.message)


def _load_sample(actor: Actor, one: SampleShape) -> None:
    from tongban.directory.queries import organisation_by_ref

    issuer = organisation_by_ref(one.issuer)
    commands.import_existing(
        actor=actor,
        type_code=one.type,
        holder_name=one.holder_name,
        holder_code=one.holder_code,
        holder_code_type=one.holder_kind,
        number=one.number or one.holder_code,
        issuer_name=issuer.name,
        issuer_code=issuer.code,
        division_code=issuer.division_id,
        issued_on=one.issued_on,
        valid_from=one.issued_on,
        valid_to=one.valid_to,
        fields=one.fields,
        sample=True,
    )
