"""Reading a signature back: is the file as it was signed, and by whom."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from tongban.documents.sealing.pades import as_asn1

_FAULTS = (
    PdfError,
    SigningError,
    SignatureValidationError,
    ValidationInfoReadingError,
    PathError,
    InvalidSignature,
    ValueError,
    KeyError,
    TypeError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a PDF file; with `signed` false the rest says nothing."""

    signed: bool
    #: The signed bytes are unchanged and the signature fits the certificate.
    intact: bool
    #: The certificate leads up to a root of this installation.
    trusted: bool
    #: Nothing was added after signing.
    whole: bool
    signer: str
    signed_at: dt.datetime | None

    @property
    def valid(self) -> bool:
        """All of it: signed by a trusted certificate, and nothing changed or added."""
        return self.signed and self.intact and self.trusted and self.whole


UNSIGNED = Inspection(signed=False, intact=False, trusted=False, whole=False, signer="", signed_at=None)


def inspect(pdf: bytes, roots: Iterable[x509.Certificate]) -> Inspection:
    """Check the last signature of `pdf` against `roots`, at the time the signature states.

    A file that is no PDF, or so broken that it cannot be read, counts as unsigned. Nothing is fetched from the network.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not signatures:
            return UNSIGNED
        embedded = signatures[-1]
        stated = embedded.self_reported_timestamp
        context = ValidationContext(
            trust_roots=[as_asn1(root) for root in roots],
            allow_fetching=False,
            moment=stated,
            best_signature_time=stated,
        )
        status = validate_pdf_signature(embedded, signer_validation_context=context)
    except _FAULTS:
        return UNSIGNED
    subject = status.signing_cert.subject.native
    return Inspection(
        signed=True,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        signer=str(subject.get("common_name", "")),
        signed_at=stated,
    )
