"""The signer of the demonstration city: certificates of the demonstration authority and a seal that reads 示例印章
and looks it.
"""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from tongban.base import moment
from tongban.documents import typesetting
from tongban.documents.sealing.authority import RENEW_DAYS, Authority
from tongban.documents.sealing.signer import SealOwner, Signer

if TYPE_CHECKING:
    from tongban.documents.sealing import pades


class DemonstrationSigner(Signer):
    """Seals with certificates made on this machine; nothing it signs has legal force."""

    name = "demonstration"
    demonstration = True

    def __init__(self, folder: Path) -> None:
        self._authority = Authority(folder)
        self._holders: dict[str, pades.KeyHolder] = {}
        self._picture: Path | None = None
        self._lock = threading.Lock()

    def seal(self, pdf: bytes, *, owner: SealOwner, seat: typesetting.Seat, reason: str, at: dt.datetime) -> bytes:
        # What signs takes 34 MiB: only a process that seals has it.
        from tongban.documents.sealing import pades

        return pades.sign(
            pdf,
            holder=self._holder(owner, at),
            seat=seat,
            picture=self._seal_picture(),
            name=f"{owner.name}（示例印章，无法律效力）",
            reason=reason,
            at=at,
        )

    def trusted_roots(self) -> tuple[x509.Certificate, ...]:
        return (self._authority.root().certificate,)

    def findings(self) -> list[str]:
        folder = self._authority.folder
        loose = [path.name for path in folder.glob("*.key.pem") if path.stat().st_mode & 0o077]
        found = [f"示例印章的私钥 {folder / name} 可以被其他用户读取：请执行 chmod 600" for name in loose]
        end = self._authority.root().certificate.not_valid_after_utc
        if end - dt.timedelta(days=RENEW_DAYS) < moment.now():
            found.append(f"示例根证书将于 {end:%Y-%m-%d} 到期：请移走 {folder}，程序会自动重新生成")
        return found

    def _holder(self, owner: SealOwner, at: dt.datetime) -> pades.KeyHolder:
        from tongban.documents.sealing import pades

        with self._lock:
            credential = self._authority.credential(owner.code, owner.name, at)
            mark = credential.certificate.serial_number
            key = f"{owner.code}:{mark}"
            if key not in self._holders:
                root = self._authority.root().certificate
                self._holders[key] = pades.KeyHolder(credential.certificate, credential.key, (root,))
            return self._holders[key]

    def _seal_picture(self) -> Path:
        with self._lock:
            if self._picture is None or not self._picture.exists():
                picture = self._authority.folder / "seal.pdf"
                draft = picture.with_name(f".seal.pdf.{threading.get_ident()}")
                draft.write_bytes(typesetting.seal_drawing())
                draft.replace(picture)
                self._picture = picture
            return self._picture
