"""Kinds of events that the payments room emits, on the subject "bill:<number>"; `about` names what the bill is for."""

from __future__ import annotations

RAISED = "payments.bill_raised"
STARTED = "payments.payment_started"
PAID = "payments.bill_paid"
SURPLUS = "payments.surplus_received"
VOIDED = "payments.bill_voided"
