"""The exact bytes that an applicant signs, and the proofs that count as a signature. No database.

电子签名法 art. 13: the data must belong to the signer alone, be under the signer's control alone, and any later change
must show. The content names everything that is applied for; its SHA-256 is shown before signing, stored with the case
and in the chain. Whoever holds the stored bytes can compute it again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

#: What the applicant declares (行政许可法 art. 31: the applicant answers for the truth of the materials).
STATEMENT: Final = (
    "本申请人已阅读并知悉办事指南；所填内容和所提交的材料真实、有效，复印件与原件一致；"
    "如有不实，愿意承担相应的法律责任。"
)

Method = Literal["password", "phone_code", "handwritten", "client"]


@dataclass(frozen=True, kw_only=True)
class SignatureProof:
    """How the signer proves presence: the secret is checked at once and never stored.

    `sha256` is what the signer was shown; a different content (another tab changed the draft) is refused.
    `handwritten`: signed on paper at a window in front of the clerk; `secret` stays empty.
    """

    method: Method
    sha256: str
    secret: str = field(default="", repr=False)
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SignedMaterial:
    """A material as it enters the signed content: key, name, and the digest of the file or the licence identifier."""

    key: str
    name: str
    source: str
    reference: str


def application_content(
    *,
    task_code: str,
    item_name: str,
    version_digest: str,
    applicant: Mapping[str, Any],
    agent: Mapping[str, Any],
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    materials: Iterable[SignedMaterial],
    service: Mapping[str, Any],
) -> str:
    """The signed text of an application: canonical JSON (sorted keys, no spaces, UTF-8)."""
    return _canonical(
        {
            "what": "application",
            "statement": STATEMENT,
            "task_code": task_code,
            "item_name": item_name,
            "guide_digest": version_digest,
            "applicant": dict(applicant),
            "agent": dict(agent),
            "answers": dict(answers),
            "form": dict(form),
            "materials": [
                [one.key, one.name, one.source, one.reference] for one in sorted(materials, key=_material_order)
            ],
            "service": dict(service),
        }
    )


def correction_content(*, case_no: str, form: Mapping[str, Any], materials: Iterable[SignedMaterial]) -> str:
    """The signed text of a correction: what was completed, and for which case."""
    return _canonical(
        {
            "what": "correction",
            "statement": STATEMENT,
            "case_no": case_no,
            "form": dict(form),
            "materials": [
                [one.key, one.name, one.source, one.reference] for one in sorted(materials, key=_material_order)
            ],
        }
    )


def withdrawal_content(*, case_no: str, reason: str) -> str:
    """The signed text of a withdrawal taken down at a window."""
    return _canonical({"what": "withdrawal", "case_no": case_no, "reason": reason})


def sha256(content: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, 64 lower-case hex digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def _material_order(material: SignedMaterial) -> tuple[str, str]:
    return material.key, material.reference


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
