"""What can go wrong on the way to a partner: worth trying again, or not."""

from __future__ import annotations

from tongban.base.jobs import FinalError, RetryableError


class PartnerError(Exception):
    """A call to a partner that brought no usable answer."""


class PartnerUnreachableError(PartnerError, RetryableError):
    """The partner could not be reached, was too slow or is broken: the same call may be tried again later."""


class PartnerRefusedError(PartnerError, FinalError):
    """The partner understood and said no, or answered nonsense: trying again would change nothing."""


class SignatureError(PartnerError, FinalError):
    """An incoming message whose signature, time or nonce is wrong."""
