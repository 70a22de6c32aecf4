"""Bills, the orders at the cashier for them, and the payments that came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.base.fields import EncryptedTextField
from tongban.directory.models import Organisation


class Bill(models.Model):
    """A demand for a fee (缴款单): what, how much in fen, to which body, for which subject ("case:1143…").

    `lines` is a list of {"key", "name", "amount_fen", "basis"}; their sum is `amount_fen` and never changes.
    """

    class State(models.TextChoices):
        """Where the bill stands."""

        OPEN = "open", _("待缴费")
        PAID = "paid", _("已缴费")
        VOID = "void", _("已作废")
        REFUNDED = "refunded", _("已退费")

    bill_no = models.CharField(max_length=30, unique=True)
    subject = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    payer_name = EncryptedTextField()
    amount_fen = models.PositiveBigIntegerField()
    lines = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="bill_by_subject"),
            models.Index(fields=["id"], condition=models.Q(state="open"), name="bill_open"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="bill_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at__isnull=True)
                | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
                name="bill_settled_unless_open",
            ),
        ]

    def __str__(self) -> str:
        return self.bill_no


class CashierOrder(models.Model):
    """An order opened at the online cashier for a bill; a bill may be tried several times, it is paid once."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="orders")
    order_no = models.CharField(max_length=60, unique=True)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.order_no


class Payment(models.Model):
    """Money received for a bill (收款). One per bill; what came a second time is a surplus, to be returned."""

    class Method(models.TextChoices):
        """How it was paid."""

        ONLINE = "online", _("网上")
        CASH = "cash", _("现金")
        CARD = "card", _("刷卡")
        CODE = "code", _("扫码")

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=Method.choices)
    #: The cashier's number of the money movement; at the window our own.
    transaction_no = models.CharField(max_length=80, unique=True)
    amount_fen = models.PositiveBigIntegerField()
    paid_at = models.DateTimeField()
    received_by_ref = models.CharField(max_length=60)
    is_surplus = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bill"], condition=models.Q(is_surplus=False), name="payment_one_per_bill"),
        ]

    def __str__(self) -> str:
        return self.transaction_no
