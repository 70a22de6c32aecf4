"""Why the payments room refuses something."""

from __future__ import annotations

from tongban.kernel.problems import Refusal


class PaymentRefusal(Refusal):
    """An act on a bill that its state, the amount or the cashier does not allow."""
