"""Kinds of events that the payments room emits, on the subject "bill:<number>"; `about` names what the bill is for."""

from __future__ import annotations

BILL_RAISED = "BillRaised"
PAYMENT_STARTED = "PaymentStarted"
BILL_PAID = "BillPaid"
SURPLUS_RECEIVED = "SurplusReceived"
BILL_VOIDED = "BillVoided"
