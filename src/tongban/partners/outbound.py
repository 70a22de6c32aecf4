"""POSTs to addresses that others gave us: resolved and checked first, connected to what was checked, all of it bounded.

Whoever may name an address could otherwise make us knock at our own doors (server-side request forgery): so names are
resolved once, every address that they have must be one of the open Internet or of the networks that the installation
allows, the connection goes to the checked address itself, and redirects are not followed.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.kernel.problems import Invalid
from tongban.partners.problems import PartnerRefusedError, PartnerUnreachableError

if TYPE_CHECKING:
    import httpx

#: Characters of an answer that are read and kept.
ANSWER_CHARACTERS_MAX: Final = 500
URL_CHARACTERS_MAX: Final = 500
#: One POST from resolving to the last byte read.
TOTAL_S: Final = 15.0

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Never, whatever is allowed: this machine, its link, everybody, and where clouds tell machines their keys.
_NEVER: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("0.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "224.0.0.0/4", "255.255.255.255/32",
                 "::/128", "fe80::/10", "fd00:ec2::254/128", "ff00::/8")
)  # fmt: skip
#: IPv6 addresses that carry an IPv4 one: NAT64, 6to4, Teredo, IPv4-compatible. No receiver stands there.
_CARRIERS: Final = tuple(
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a receiver answered: status, the first 500 characters, and how long it asks to be left alone (seconds)."""

    status: int
    text: str
    retry_after_s: int = 0


def check_url(url: str) -> SplitResult:
    """The parts of an address to which we may post, by its form alone.

    Raises:
        Invalid: field `url`.
    """
    try:
        parts = urlsplit(url)
        fits = parts.port is None or 1 <= parts.port <= 65_535
    except ValueError:
        raise _wrong(_("网址写法不对，请写完整的 https 网址。")) from None
    if not fits or not parts.hostname or len(url) > URL_CHARACTERS_MAX or not url.isascii() or not url.isprintable():
        raise _wrong(_("网址写法不对，请写完整的 https 网址。"))
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOK_HTTP):
        raise _wrong(_("网址要以 https:// 开头。"))
    if parts.username is not None or parts.password is not None or parts.fragment or " " in url or "\\" in url:
        raise _wrong(_("网址里不能带用户名、密码、井号和空格。"))
    return parts


def checked_address(parts: SplitResult) -> str:
    """The address to connect to: the name resolved now, each of its addresses allowed.

    Raises:
        Invalid: field `url`: the name is unknown, or leads to an inner network.
    """
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise _wrong(_("找不到这个网址的主机，请核对域名。")) from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses or not all(allowed(one) for one in addresses):
        raise _wrong(_("这个网址指向内部网络，平台不向它发送。确需使用的，请系统管理员登记这个网段。"))
    return addresses[0]


def allowed(text: str) -> bool:
    """Whether we may connect to an address: of the open Internet, or of `settings.WEBHOOK_NETWORKS`."""
    try:
        address: _Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in _NEVER):
        return False
    if any(address in ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    return address.is_global and not address.is_multicast and not any(address in network for network in _CARRIERS)


def post(url: str, *, body: bytes, headers: Mapping[str, str], total_s: float = TOTAL_S) -> Reply:
    """POST once; no redirect is followed and no more is read of the answer than is kept.

    Raises:
        PartnerUnreachableError: no connection, a bad certificate, or no answer within `total_s` seconds.
        PartnerRefusedError: the address may not be posted to (any more).
    """
    # 12 MiB: only a process that calls others has them.
    import httpx

    try:
        parts = check_url(url)
        address = checked_address(parts)
    except Invalid as error:
        raise PartnerRefusedError(error.fields["url"]) from error
    try:
        return asyncio.run(_within(parts, address, body, headers, total_s))
    except TimeoutError as error:
        raise PartnerUnreachableError(_("超时没有回答")) from error
    except (httpx.HTTPError, ssl.SSLError, OSError) as error:
        raise PartnerUnreachableError(f"{type(error).__name__}: {error}"[:200]) from error


async def _within(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str], total_s: float) -> Reply:
    async with asyncio.timeout(total_s):
        return await _post(parts, address, body, headers, total_s)


async def _post(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str], total_s: float) -> Reply:
    import httpx

    at = f"[{address}]" if ":" in address else address
    target = f"{parts.scheme}://{at}:{_port(parts)}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    sent = dict(headers) | {"Host": parts.netloc, "Accept-Encoding": "identity", "User-Agent": "tongban-webhooks/1"}
    context = ssl.create_default_context() if parts.scheme == "https" else False
    async with httpx.AsyncClient(verify=context, trust_env=False, follow_redirects=False, timeout=total_s) as client:
        # The certificate must be the name's, though the connection goes to the address.
        request = client.build_request(
            "POST", target, content=body, headers=sent, extensions={"sni_hostname": parts.hostname}
        )
        answer = await client.send(request, stream=True)
        try:
            text = await _beginning(answer)
        finally:
            await answer.aclose()
    return Reply(status=answer.status_code, text=text, retry_after_s=_retry_after(answer))


async def _beginning(answer: httpx.Response) -> str:
    read = b""
    async for chunk in answer.aiter_raw(chunk_size=1024):
        read += chunk
        if len(read) >= ANSWER_CHARACTERS_MAX * 4:
            break
    text = read[: ANSWER_CHARACTERS_MAX * 4].decode("utf-8", "replace")[:ANSWER_CHARACTERS_MAX]
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def _retry_after(answer: httpx.Response) -> int:
    given = answer.headers.get("Retry-After", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 8 else 0


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _wrong(message: str) -> Invalid:
    return Invalid(fields={"url": message}, code="webhook_url_refused")
