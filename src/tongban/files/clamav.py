"""A small client of ClamAV's daemon: INSTREAM and PING over a socket, see clamd(8)."""

from __future__ import annotations

import socket
import struct
import time

from django.conf import settings

from tongban.files.registries import Scanner, ScannerUnavailableError

_CHUNK_BYTES = 64 * 1024
_CONNECT_S = 3.0
_TOTAL_S = 30.0
_ANSWER_BYTES_MAX = 4096


class ClamAv(Scanner):
    """The daemon at the setting `CLAMAV`: `host:port`, or the path of its socket."""

    def find(self, data: bytes) -> str | None:
        """Send the bytes through the daemon; return the name of what it found, or None.

        Raises:
            ScannerUnavailableError: nobody answers, in time and in words that are known.
        """
        parts = [b"zINSTREAM\0"]
        for start in range(0, len(data), _CHUNK_BYTES):
            chunk = data[start : start + _CHUNK_BYTES]
            parts.extend((struct.pack(">I", len(chunk)), chunk))
        parts.append(struct.pack(">I", 0))
        answer = _ask(b"".join(parts))
        if answer == "stream: OK":
            return None
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")
        raise ScannerUnavailableError(answer[:200])

    def look(self) -> None:
        """Ask whether the daemon is there.

        Raises:
            ScannerUnavailableError: it is not.
        """
        answer = _ask(b"zPING\0")
        if answer != "PONG":
            raise ScannerUnavailableError(answer[:200])


def _ask(request: bytes) -> str:
    ends = time.monotonic() + _TOTAL_S
    try:
        with _connected() as link:
            link.settimeout(_TOTAL_S)
            link.sendall(request)
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _ANSWER_BYTES_MAX:
                link.settimeout(max(0.1, ends - time.monotonic()))
                more = link.recv(_ANSWER_BYTES_MAX)
                if not more:
                    break
                answer += more
    except (OSError, ValueError) as error:
        raise ScannerUnavailableError(str(error)) from error
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected() -> socket.socket:
    address = str(settings.CLAMAV)
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(_CONNECT_S)
            link.connect(address)
        except BaseException:
            link.close()
            raise
        return link
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_S)
