"""The demonstration authority: a root and one EC P-256 certificate per body, made when first wanted, kept under a
folder.

Keys are files with mode 0600 in a folder with mode 0700; a lock file keeps web and worker processes from making two
roots. Every subject says DEMO and 示例, so that no certificate can be taken for that of a real body.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: A body's certificate lives so long, and is followed by a new one so long before its end.
LIFE_DAYS = 730
RENEW_DAYS = 30
_ROOT_YEARS = 30
# Rehearsals seal documents of past days: the root is valid from the year in which the model plan was published.
_ROOT_FROM = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class Authority:
    """The demonstration authority kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root: Credential | None = None
        self._owners: dict[str, list[Credential]] = {}

    @property
    def folder(self) -> Path:
        """The folder with keys and certificates."""
        return self._folder

    def root(self) -> Credential:
        """Return the root, made at the first call."""
        if self._root is None:
            with self._locked():
                self._root = self._load("root") or self._make_root()
        return self._root

    def credential(self, code: str, name: str, at: dt.datetime) -> Credential:
        """Return what the body `code` signs with at `at` (aware); a certificate near its end is followed by a new
        one.
        """
        root = self.root()
        for credential in self._known(code):
            if self._serves(credential.certificate, at):
                return credential
        with self._locked():
            self._owners.pop(code, None)
            for credential in self._known(code):
                if self._serves(credential.certificate, at):
                    return credential
            made = self._make_owner(root, code, name, at)
            self._owners[code].insert(0, made)
            return made

    def certificates(self, code: str) -> list[x509.Certificate]:
        """Return the body's certificates, the newest first."""
        return [credential.certificate for credential in self._known(code)]

    @staticmethod
    def _serves(certificate: x509.Certificate, at: dt.datetime) -> bool:
        last = certificate.not_valid_after_utc - dt.timedelta(days=RENEW_DAYS)
        return certificate.not_valid_before_utc <= at < last

    def _known(self, code: str) -> list[Credential]:
        if code not in self._owners:
            stems = [path.name.removesuffix(".cert.pem") for path in self._folder.glob(f"{code}-*.cert.pem")]
            loaded = [credential for stem in stems if (credential := self._load(stem)) is not None]
            self._owners[code] = sorted(loaded, key=lambda one: one.certificate.not_valid_before_utc, reverse=True)
        return self._owners[code]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self._folder / ".lock", "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _load(self, stem: str) -> Credential | None:
        cert_path, key_path = self._folder / f"{stem}.cert.pem", self._folder / f"{stem}.key.pem"
        if not cert_path.exists() or not key_path.exists():
            return None
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            return None
        return Credential(x509.load_pem_x509_certificate(cert_path.read_bytes()), key)

    def _save(self, stem: str, credential: Credential) -> Credential:
        pem = credential.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        # The certificate is written last and by rename: whoever sees it finds the key, whole.
        self._write(f"{stem}.key.pem", pem, 0o600)
        self._write(f"{stem}.cert.pem", credential.certificate.public_bytes(serialization.Encoding.PEM), 0o644)
        return credential

    def _write(self, name: str, content: bytes, mode: int) -> None:
        draft = self._folder / f".{name}.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._folder / name)

    def _make_root(self) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _subject("DEMO 示例 Tongban 通办示例根证书", "Tongban DEMO 示例·无法律效力")
        builder = _builder(
            subject, subject, key.public_key(), _ROOT_FROM, _ROOT_FROM + dt.timedelta(days=365 * _ROOT_YEARS)
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
        return self._save("root", Credential(builder.sign(key, hashes.SHA256()), key))

    def _make_owner(self, root: Credential, code: str, name: str, at: dt.datetime) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        start = at - dt.timedelta(days=1)
        subject = _subject(f"DEMO 示例 {name}", f"{name}（DEMO 示例·无法律效力）", code)
        builder = _builder(
            subject, root.certificate.subject, key.public_key(), start, start + dt.timedelta(days=LIFE_DAYS)
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        return self._save(f"{code}-{start:%Y%m%d}", Credential(builder.sign(root.key, hashes.SHA256()), key))


def _subject(common: str, organisation: str, serial: str = "") -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, _fitting(common)),
    ]
    return x509.Name([*parts, x509.NameAttribute(NameOID.SERIAL_NUMBER, serial)] if serial else parts)


def _fitting(text: str) -> str:
    """Cut `text` to the 64 bytes that X.520 leaves to a common name; the full name stands in the organisation."""
    return text.encode()[:64].decode(errors="ignore")


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: dt.datetime, end: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
