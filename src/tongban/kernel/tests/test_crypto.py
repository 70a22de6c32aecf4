import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.crypto import (
    CryptoError,
    KeyFormatError,
    KeyRing,
    UnknownKeyError,
    blind_index,
    new_key,
)

AES, SM, OLD = new_key("k2026", 1), new_key("gm.1", 2), new_key("k2025", 1)
RINGS = [KeyRing.parse(AES), KeyRing.parse(SM), KeyRing.parse(f"{SM},{AES}"), KeyRing.parse(f" {AES} , {OLD},")]

rings = st.sampled_from(RINGS)


@given(rings, st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_encrypted_can_be_read_again_only_in_its_place(ring, plain, aad):
    blob = ring.encrypt(plain, aad)
    assert ring.decrypt(blob, aad) == plain
    assert ring.is_current(blob)
    assert ring.encrypt(plain, aad) != blob
    with pytest.raises(CryptoError):
        ring.decrypt(blob, aad + b"x")


@given(rings, st.binary(max_size=60), st.data())
def test_any_altered_byte_is_noticed(ring, plain, data):
    blob = bytearray(ring.encrypt(plain, b"a"))
    index = data.draw(st.integers(0, len(blob) - 1))
    blob[index] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CryptoError):
        ring.decrypt(bytes(blob), b"a")


@given(rings, st.binary(max_size=60), st.data())
def test_any_cut_value_is_noticed(ring, plain, data):
    blob = ring.encrypt(plain, b"a")
    with pytest.raises(CryptoError):
        ring.decrypt(blob[: data.draw(st.integers(0, len(blob) - 1))], b"a")


def test_a_new_current_key_still_reads_the_old_values():
    blob = KeyRing.parse(AES).encrypt(b"x", b"")
    ring = KeyRing.parse(f"{SM},{AES}")
    assert ring.decrypt(blob, b"") == b"x"
    assert not ring.is_current(blob)
    with pytest.raises(UnknownKeyError):
        KeyRing.parse(SM).decrypt(blob, b"")


def test_the_suite_stands_in_the_first_byte_and_an_unknown_one_is_refused():
    blob = KeyRing.parse(SM).encrypt(b"x", b"")
    assert blob[0] == 2
    with pytest.raises(UnknownKeyError):
        KeyRing.parse(SM).decrypt(b"\x09" + blob[1:], b"")


@pytest.mark.parametrize(
    "text",
    ["", "k", "k:1", "k:3:AAAA", "k:1:AAAA", "k:1:***", "k k:1:" + "A" * 44, f"{AES},{AES}", "k:2:" + AES[-44:]],
    ids=["empty", "no suite", "no key", "no such suite", "short", "no base64", "blank", "twice", "too long"],
)
def test_malformed_keys_are_refused_without_being_shown(text):
    with pytest.raises(KeyFormatError) as caught:
        KeyRing.parse(text)
    assert AES[-20:] not in str(caught.value)
    assert repr(KeyRing.parse(AES).current) == "FieldKey('k2026', suite=1)"


def test_blind_indexes_differ_by_kind_key_and_suite():
    key, other = b"i" * 32, b"j" * 32
    found = {blind_index(key, "phone", "1"), blind_index(key, "document", "1"), blind_index(other, "phone", "1"), blind_index(key, "phone", "1", suite=2)}  # fmt: skip
    assert len(found) == 4
    assert all(len(index) == 32 for index in found)
    assert blind_index(key, "phone", "1") == blind_index(key, "phone", "1")
    with pytest.raises(KeyFormatError):
        blind_index(b"short", "phone", "1")


def test_sm4_and_sm3_agree_with_the_published_vectors():
    """GB/T 32907 annex A (SM4 of the key by itself) and GB/T 32905 annex A (SM3 of abc), by the same library calls."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")
