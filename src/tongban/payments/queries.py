"""Reads of the payments room."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.base.reading import Asked, Prepared
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound
from tongban.payments.models import Bill
from tongban.payments.registries import BillAccess, access


def bills_of(subject: str) -> list[Bill]:
    """Return a subject's bills, in order; the caller has checked the right to see them."""
    return _OF_SUBJECT.rows(subject=subject)


def bill_about(subject: str, bill_no: str) -> Bill:
    """Return one of a subject's bills; the caller has checked the right to see them.

    Raises:
        NotFound: absent, or about another subject.
    """
    found = next((one for one in bills_of(subject) if one.bill_no == bill_no), None)
    if found is None:
        raise NotFound(_("这张缴款单"), code="bill_not_found")
    return found


def ask_bills(subject: str) -> Asked:
    """What `bills_of` reads, to be read ahead with other things of a page."""
    return _OF_SUBJECT.asked(subject=subject)


_OF_SUBJECT = Prepared(lambda subject: Bill.objects.filter(subject=subject).order_by("pk"))


def open_bills() -> QuerySet[Bill]:
    """Return what is to be paid, the oldest first: a condition for lists; the caller narrows it to subjects whose right
    to see it has checked.
    """
    return Bill.objects.filter(state=Bill.State.OPEN).order_by("pk")


def is_settled(subject: str) -> bool:
    """Whether nothing is left to pay for a subject; true where there is no bill."""
    return not Bill.objects.filter(subject=subject, state=Bill.State.OPEN).exists()


def rights_on(subject: str) -> BillAccess:
    """Return the rights of a subject's kind.

    Raises:
        NotFound: nobody registered the kind.
    """
    rights = access.get(subject.partition(":")[0])
    if rights is None:
        raise NotFound(_("这张缴款单"))
    return rights


def access_bill(actor: Actor, bill_no: str) -> Bill:
    """Return a bill that the actor may pay or collect.

    Raises:
        NotFound: absent, or not the actor's.
    """
    bill = Bill.objects.select_related("organisation").filter(bill_no=bill_no).first()
    if bill is None:
        raise NotFound(_("这张缴款单"))
    rights = rights_on(bill.subject)
    if not (actor.is_system or rights.may_pay(actor, bill.subject) or rights.may_collect(actor, bill.subject)):
        raise NotFound(_("这张缴款单"))
    return bill
