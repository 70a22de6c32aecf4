"""Seals: valid for an independent reader, broken by any change, never lifelike, keys kept close."""

import datetime as dt
import stat
import threading

import pytest

from tongban.documents.sealing.authority import LIFE_DAYS, RENEW_DAYS, Authority
from tongban.documents.sealing.demonstration import DemonstrationSigner
from tongban.documents.sealing.inspection import inspect
from tongban.documents.sealing.signer import Registry, SealingError, SealOwner
from tongban.documents.tests.conftest import AT
from tongban.documents.tests.test_typesetting import sheet_of

OWNER = SealOwner("11430212MB1F07267M", "株洲市渌口区市场监督管理局")


@pytest.fixture
def signer(tmp_path):
    return DemonstrationSigner(tmp_path / "ca")


def sealed(signer, at=AT, kind="granted"):
    sheet = sheet_of(kind)
    return signer.seal(sheet.pdf, owner=OWNER, seat=sheet.seat, reason="准予行政许可决定书", at=at)


@pytest.mark.parametrize("kind", ["granted", "licence"])
def test_pdfsig_reports_a_valid_signature_over_the_whole_file(signer, pdfsig, kind):
    told = pdfsig(sealed(signer, kind=kind))
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    assert "DEMO 示例" in told
    assert "ETSI.CAdES.detached" in told


def test_our_own_inspection_agrees_and_names_signer_and_time(signer):
    found = inspect(sealed(signer), signer.trusted_roots())
    assert found.valid
    assert OWNER.name in found.signer
    assert found.signed_at == AT


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_any_changed_byte_breaks_the_seal(signer, pdfsig, share):
    pdf = bytearray(sealed(signer))
    pdf[int(len(pdf) * share)] ^= 1
    assert not inspect(bytes(pdf), signer.trusted_roots()).valid
    assert "Signature is Valid" not in pdfsig(bytes(pdf))


def test_something_added_after_sealing_shows(signer):
    found = inspect(sealed(signer) + b"\n% added\n", signer.trusted_roots())
    assert found.intact
    assert not found.whole
    assert not found.valid


def test_the_seal_of_another_authority_is_not_trusted(signer, tmp_path):
    other = DemonstrationSigner(tmp_path / "other")
    found = inspect(sealed(other), signer.trusted_roots())
    assert found.intact
    assert not found.trusted


@pytest.mark.parametrize(
    "junk", [b"", b"%PDF-1.7\n", b"x" * 4096, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"]
)
def test_junk_counts_as_unsigned(signer, junk):
    assert not inspect(junk, signer.trusted_roots()).signed


def test_keys_are_for_the_owner_only_and_loose_ones_are_reported(signer, tmp_path):
    sealed(signer)
    folder = tmp_path / "ca"
    keys = list(folder.glob("*.key.pem"))
    assert len(keys) == 2
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    assert signer.findings() == []
    keys[0].chmod(0o644)
    assert any(keys[0].name in finding for finding in signer.findings())


def test_a_certificate_near_its_end_is_followed_and_old_seals_stay_valid(signer):
    old = sealed(signer)
    later = AT + dt.timedelta(days=LIFE_DAYS - RENEW_DAYS)
    new = sealed(signer, at=later)
    found = [inspect(pdf, signer.trusted_roots()) for pdf in (old, new)]
    assert all(one.valid for one in found)
    assert old[:2000] == new[:2000]
    authority = Authority(signer._authority.folder)
    assert len(authority.certificates(OWNER.code)) == 2


def test_documents_of_past_days_can_be_sealed(signer):
    assert inspect(sealed(signer, at=dt.datetime(2018, 4, 25, tzinfo=dt.UTC)), signer.trusted_roots()).valid


def test_two_processes_make_one_root(tmp_path):
    found = []
    barrier = threading.Barrier(6)

    def make():
        barrier.wait()
        authority = Authority(tmp_path / "ca")
        found.append(
            (
                authority.root().certificate.serial_number,
                authority.credential(OWNER.code, OWNER.name, AT).certificate.serial_number,
            )
        )

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


def test_a_long_name_fits_the_certificate(signer):
    sheet = sheet_of("granted")
    owner = SealOwner(OWNER.code, "株洲市" + "很长的机构名称" * 12)
    pdf = signer.seal(sheet.pdf, owner=owner, seat=sheet.seat, reason="试", at=AT)
    assert inspect(pdf, signer.trusted_roots()).valid


def test_only_signers_are_entered_and_an_unknown_one_is_named():
    registry = Registry()
    with pytest.raises(TypeError):
        registry.enter(object())  # type: ignore[arg-type]
    with pytest.raises(SealingError, match="licensed"):
        registry.get("licensed")
