"""Taking out of pictures what they tell about the photographer (place, time, device), without touching the image.

Pure, on bytes: JPEG markers (ITU-T T.81) and PNG chunks (ISO/IEC 15948). Orientation stays, else photographs
taken upright would lie on their side.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SOS, _EOI = 0xDA, 0xD9
#: Kept: APP0 (JFIF), APP2 (colour profile), APP14 (Adobe colour transform). Others of APPn and comments go.
_APP_KEPT = frozenset({0xE0, 0xE2, 0xEE})
_COMMENT = 0xFE
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})


def clean_jpeg(data: bytes, orientation: int = 1) -> bytes:
    """Return the JPEG without Exif, XMP, IPTC, comments and anything after its end.

    Args:
        data: a JPEG that decodes.
        orientation: the Exif orientation 1 to 8, written back where it turns the picture.

    Raises:
        ValueError: the markers are broken.
    """
    parts = [b"\xff\xd8"]
    turned = orientation in range(2, 9)
    for marker, segment in _segments(data):
        if turned and marker != 0xE0:
            # Exif stands first, or right after the JFIF segment.
            parts.append(_orientation_segment(orientation))
            turned = False
        if _is_kept(marker, segment):
            parts.append(segment)
    return b"".join(parts)


def _is_kept(marker: int, segment: bytes) -> bool:
    if marker == 0xE2:
        # Multi-picture data points at more pictures behind the end, which are cut off.
        return segment[4:8] != b"MPF\x00"
    return marker in _APP_KEPT or not (0xE0 <= marker <= 0xEF or marker == _COMMENT)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield every marker with its bytes; a scan carries its compressed data; ends with the end of image."""
    at = 2
    while True:
        if data[at : at + 1] != b"\xff" or at + 2 > len(data):
            raise ValueError("a JPEG marker is missing")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _EOI:
            yield marker, b"\xff\xd9"
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0] if at + 4 <= len(data) else len(data) + 1
        if end > len(data):
            raise ValueError("a JPEG segment is cut off")
        if marker == _SOS:
            end = _scan_end(data, end)
        yield marker, data[at:end]
        at = end


def _scan_end(data: bytes, at: int) -> int:
    """Return where the compressed data ends: at the next marker that is neither stuffing nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise ValueError("a JPEG scan is cut off")
        follower = data[at + 1]
        if follower == 0xFF:
            at += 1
        elif follower == 0 or 0xD0 <= follower <= 0xD7:
            at += 2
        else:
            return at


def _orientation_segment(orientation: int) -> bytes:
    """Return an Exif segment that holds the orientation (tag 0x0112) and nothing else."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    body = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + struct.pack(">H", 1) + entry + b"\x00\x00\x00\x00"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def clean_png(data: bytes) -> bytes:
    """Return the PNG without texts, times and Exif, and without anything after its end.

    Raises:
        ValueError: the chunks are broken.
    """
    parts, at = [_PNG_HEAD], len(_PNG_HEAD)
    while True:
        if at + 12 > len(data):
            raise ValueError("a PNG chunk is cut off")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("a PNG chunk is cut off")
        if kind not in _PNG_DROPPED:
            parts.append(data[at:end])
        if kind == b"IEND":
            return b"".join(parts)
        at = end
