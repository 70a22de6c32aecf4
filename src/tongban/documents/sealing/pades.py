"""Writing a visible PAdES signature (ETSI EN 319 142, baseline B) into a PDF with pyHanko."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers as pyhanko_signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tongban.documents.sealing.signer import SealingError
from tongban.documents.typesetting import Seat

#: The seal's picture is a square of 38 mm; official seals of county bodies measure 42 mm, so that it differs in size
#: too.
SEAL_PT = 38 / 25.4 * 72
FIELD = "Seal1"
# CMS with two certificates takes about 3 kB; the reserved space must not depend on the length of names.
_RESERVED_BYTES = 16_384


class KeyHolder(pyhanko_signers.Signer):
    """A signer whose key is loaded once: parsing a key for each signature costs more than signing."""

    def __init__(
        self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, chain: tuple[x509.Certificate, ...]
    ) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(as_asn1(one) for one in chain)
        super().__init__(signing_cert=as_asn1(certificate), cert_registry=store, embed_roots=True)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign `data` (ECDSA over SHA-256)."""
        del dry_run
        if digest_algorithm != "sha256":
            raise SealingError(f"digest {digest_algorithm} is not offered")
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Turn a certificate of `cryptography` into pyHanko's form."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def sign(pdf: bytes, *, holder: KeyHolder, seat: Seat, picture: Path, name: str, reason: str, at: dt.datetime) -> bytes:
    """Return `pdf` signed by `holder` with `picture` (a one-page PDF) centred at `seat`; the signature states the
    time `at`.

    Raises:
        SealingError: the file cannot be signed.
    """
    metadata = pyhanko_signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        location="CN",
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        signer = pyhanko_signers.PdfSigner(
            metadata,
            signer=holder,
            stamp_style=StaticStampStyle.from_pdf_file(str(picture), border_width=0),
            new_field_spec=SigFieldSpec(FIELD, on_page=seat.page - 1, box=_box(writer, seat), readable_field_name=name),
        )
        return _signed(signer.init_signing_session(writer), metadata, at)
    except (SigningError, PdfError, OSError) as error:
        raise SealingError(f"the file could not be signed: {error}") from error


def _signed(session: PdfSigningSession, metadata: pyhanko_signers.PdfSignatureMetadata, at: dt.datetime) -> bytes:
    session.system_time = at
    unsigned = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED_BYTES)
    prepared, out = unsigned.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=at, cades_signed_attrs=metadata.cades_signed_attr_spec)
    asyncio.run(unsigned.perform_signature(document_digest=prepared.document_digest, pdf_cms_signed_attrs=attributes))
    out.seek(0)
    return bytes(out.read())


def _box(writer: IncrementalPdfFileWriter, seat: Seat) -> tuple[int, int, int, int]:
    """Turn a seat, measured from the top, into PDF's corners, measured from the bottom."""
    page = writer.find_page_for_modification(seat.page - 1)[0].get_object()  # type: ignore[no-untyped-call]
    height = float(page["/MediaBox"][3])
    left, middle = seat.x_pt - SEAL_PT / 2, height - seat.y_pt
    return round(left), round(middle - SEAL_PT / 2), round(left + SEAL_PT), round(middle + SEAL_PT / 2)
