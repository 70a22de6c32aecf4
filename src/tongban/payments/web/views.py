"""A bill's page, the way to the cashier, and what the cashier tells us."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tongban.identity.queries import login_required, require_actor
from tongban.partners import registries as partners
from tongban.partners.problems import PartnerError, SignatureError
from tongban.payments import commands, queries
from tongban.payments.models import Bill
from tongban.payments.problems import PaymentRefusal

_NOTIFICATION_BYTES_MAX = 64 * 1024


@login_required
@never_cache
@require_safe
def bill(request: HttpRequest, bill_no: str) -> HttpResponse:
    """Show a bill; where a payment was started, the cashier is asked first: a payer who returns sees it paid."""
    actor = require_actor(request)
    found = queries.access_bill(actor, bill_no)
    if found.state == Bill.State.OPEN:
        try:
            found = commands.ask_cashier(bill_no=bill_no)
        except (PartnerError, PaymentRefusal):
            # The page shows the bill as it stands; the periodic query goes on asking.
            found = queries.access_bill(actor, bill_no)
    rights = queries.rights_on(found.subject)
    context = {
        "bill": found,
        "can_pay": found.state == Bill.State.OPEN and rights.may_pay(actor, found.subject),
        "back": rights.page_of(found.subject),
    }
    return render(request, "payments/bill.html", context)


@login_required
@require_POST
def pay(request: HttpRequest, bill_no: str) -> HttpResponse:
    """Lead to the cashier."""
    return redirect(commands.start_payment(actor=require_actor(request), bill_no=bill_no))


@csrf_exempt  # The cashier has no session here; its signature is checked instead.
@require_POST
def notify(request: HttpRequest) -> HttpResponse:
    """Take the cashier's notification. What is taken, or was taken before, is answered with 200, so that it ends."""
    if int(request.headers.get("Content-Length") or 0) > _NOTIFICATION_BYTES_MAX:
        return _answer({"detail": "too large"}, 413)
    try:
        notification = partners.cashier().notification(headers=request.headers, path=request.path, body=request.body)
    except SignatureError:
        return _answer({"detail": "the signature is not valid"}, 401)
    except PartnerError:
        return _answer({"detail": "the notification cannot be read"}, 400)
    commands.confirm_payment(notification=notification)
    return _answer({"ok": True}, 200)


def _answer(body: dict[str, object], status: int) -> HttpResponse:
    return HttpResponse(json.dumps(body), status=status, content_type="application/json")
