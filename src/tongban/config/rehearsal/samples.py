"""Samples of a pack: a plausible application per item, and files to hand in with it."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from tongban.base.pack import Pack
from tongban.catalogue.models import Implementation
from tongban.catalogue.queries import implementations_of

_TEMPLATE = Path(__file__).with_name("sample.typ")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A complete plausible application for one base item, as the pack has it (`samples/<slug>.yaml`)."""

    slug: str
    applicant: Mapping[str, Any]
    answers: Mapping[str, Any]
    form: Mapping[str, Any]

    @property
    def phone(self) -> str:
        """The phone by which the sample citizen logs in."""
        return str(self.applicant["phone"])

    @property
    def company_code(self) -> str:
        """The credit code where a company applies, else empty."""
        return str(self.applicant.get("uscc", ""))


def samples_of(pack: Path) -> list[Sample]:
    """Every sample of the pack, by slug."""
    found = []
    for path in sorted((pack / "samples").glob("*.yaml")):
        document = Pack(pack).yaml(f"samples/{path.name}", required=True)
        if document is not None:
            content: dict[str, Any] = document.data
            found.append(
                Sample(
                    slug=path.stem,
                    applicant=content["applicant"],
                    answers=content.get("answers", {}),
                    form=content.get("form", {}),
                )
            )
    return found


def implementation_for(sample: Sample) -> Implementation:
    """The body where such an applicant would apply: the one whose division the form's address lies in, else the first.

    Raises:
        LookupError: nobody implements the item.
    """
    choices = implementations_of(sample.slug)
    if not choices:
        raise LookupError(f"{sample.slug}: nobody implements it")
    codes = list(_divisions(sample.form))
    near = [one for one in choices if any(_within(code, one.division_id) for code in codes)]
    return max(near or choices[:1], key=lambda one: len(one.division_id.rstrip("0")))


def _within(code: str, division: str) -> bool:
    return code.startswith(division.rstrip("0"))


def _divisions(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "division" and isinstance(inner, str):
                yield inner
            else:
                yield from _divisions(inner)


@dataclass(frozen=True, kw_only=True)
class SampleFile:
    """A file that stands for a material: drawings and photographs as pictures, papers as PDF."""

    name: str
    content: bytes

    @property
    def stream(self) -> io.BytesIO:
        """The bytes, from the start."""
        return io.BytesIO(self.content)


def sample_file(title: str, holder: str) -> SampleFile:
    """A one-page file for a material of this name, clearly marked as a sample."""
    drawn = any(word in title for word in ("布局", "照片", "图"))
    suffix: Literal["png", "pdf"] = "png" if drawn else "pdf"
    return SampleFile(name=f"{title[:30]}.{suffix}", content=_typeset(title, holder, suffix))


def sample_pdf(title: str, holder: str) -> bytes:
    """The same, always as PDF."""
    return _typeset(title, holder, "pdf")


@lru_cache(maxsize=64)
def _typeset(title: str, holder: str, suffix: Literal["png", "pdf"]) -> bytes:
    inputs = {"title": title, "holder": holder, "plan": "yes" if "布局" in title else "no"}
    import typst

    found = typst.compile(str(_TEMPLATE), format=suffix, sys_inputs=inputs, ppi=110)
    if not isinstance(found, bytes):
        raise TypeError("typst made several files of one page")
    return found
