"""Answering the one correction notice of a case: what is written so far, what is still missing, what is signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.cases import commands as cases
from tongban.cases.models import Case
from tongban.cases.queries import TO_COMPLETE, access_case, named_schema
from tongban.catalogue import forms
from tongban.catalogue.queries import definition_of
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.portal.models import CorrectionDraft, CorrectionFile
from tongban.portal.problems import PortalRefusal


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One material that the notice names, with the files given so far."""

    key: str
    name: str
    what: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a notice as far as it is written: `form` holds the named fields only."""

    case: Case
    materials: tuple[Wanted, ...]
    fields: tuple[Mapping[str, str], ...]
    schema: Mapping[str, Any]
    form: Mapping[str, Any]
    #: Field path, or `material.<key>`, to what is wrong.
    problems: Mapping[str, str]
    content: str
    sha256: str

    @property
    def given(self) -> dict[str, list[StoredFile]]:
        """Files by material, as the command takes them."""
        return {one.key: list(one.files) for one in self.materials}


def answer_of(actor: Actor, case_no: str) -> Answer:
    """The answer that the actor is writing.

    Raises:
        NotFound: not the actor's case.
        PortalRefusal: nothing is to be corrected.
    """
    case = open_case(actor, case_no)
    draft = CorrectionDraft.objects.filter(case=case).first()
    defects: list[Mapping[str, str]] = list(case.correction.defects)
    files = _files(draft, actor)
    materials = tuple(
        Wanted(key=one["key"], name=one["name"], what=one["what"], files=tuple(files.get(one["key"], ())))
        for one in defects
        if one["kind"] == "material"
    )
    fields = tuple(one for one in defects if one["kind"] == "field")
    schema = definition_of(case.item_version).form
    names = {one["key"] for one in fields}
    form = {key: value for key, value in (draft.form if draft else case.form).items() if key in names}
    given = {one.key: list(one.files) for one in materials}
    content = cases.correction_content(case, form, given)
    return Answer(
        case=case,
        materials=materials,
        fields=fields,
        schema=named_schema(case),
        form=form,
        problems=_problems(case, schema, form, materials),
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )


def open_case(actor: Actor, case_no: str, *, lock: bool = False) -> Case:
    """The case, if its applicant may still answer the notice.

    Raises:
        NotFound: not the actor's case.
        PortalRefusal: nothing is to be corrected.
    """
    case = access_case(actor, case_no, lock=lock)
    if case.state not in TO_COMPLETE:
        raise PortalRefusal(
            "no_correction_open",
            _("这个办件现在没有要补正的内容，可能已经交过了。请看办件进度。"),
            data={"act": (_("看办件进度"), f"/my/cases/{case.case_no}/")},
        )
    return case


def _files(draft: CorrectionDraft | None, actor: Actor) -> dict[str, list[StoredFile]]:
    found: dict[str, list[StoredFile]] = {}
    if draft is None:
        return found
    rows = CorrectionFile.objects.filter(draft=draft, uploaded_by_id=actor.account_id).select_related("file")
    for row in rows.order_by("pk"):
        found.setdefault(row.key, []).append(row.file)
    return found


def _problems(
    case: Case, schema: Mapping[str, Any], form: Mapping[str, Any], materials: tuple[Wanted, ...]
) -> dict[str, str]:
    found = forms.validate(schema, {**case.form, **form}, answers=case.answers)
    found |= {f"material.{one.key}": _("请上传“%(name)s”。") % {"name": one.name} for one in materials if not one.files}
    return found
