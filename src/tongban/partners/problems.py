"""What can go wrong on the way to a partner: worth trying again, or not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.base.jobs import FinalError, RetryableError
from tongban.kernel.problems import Refusal


class PartnerError(Exception):
    """A call to a partner that brought no usable answer."""


class PartnerUnreachableError(PartnerError, RetryableError):
    """The partner could not be reached, was too slow or is broken: the same call may be tried again later."""


class PartnerRefusedError(PartnerError, FinalError):
    """The partner understood and said no, or answered nonsense: trying again would change nothing."""


class SignatureError(PartnerError, FinalError):
    """An incoming message whose signature, time or nonce is wrong."""


class ScanRefusal(Refusal):
    """A scanner gave no page, or no further one; the sentence says what to do at the device."""

    status_default = 503


def scanner_unreachable() -> ScanRefusal:
    """Switched off, not in the network, or at another address."""
    return ScanRefusal("scanner_unreachable", _("扫描仪没有回应。请看看电源和网线，等它就绪后再扫。"))


def scanner_busy() -> ScanRefusal:
    """It works for somebody else, or is still warming up."""
    return ScanRefusal("scanner_busy", _("扫描仪正忙。请等它停下来再扫。"))


def scanner_failed() -> ScanRefusal:
    """A jam, an open lid, or an answer that nobody understands."""
    return ScanRefusal(
        "scanner_failed", _("扫描中断了，可能卡纸或没有放纸。请按扫描仪上的提示处理后，从没有扫到的那一页接着扫。")
    )
