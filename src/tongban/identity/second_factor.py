"""The rule that staff work only in a session that was opened with their second factor."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from tongban.identity.models import Account


def is_verified(request: HttpRequest, account: Account) -> bool:
    """Whether this session was opened, or confirmed, with the account's second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, account))


def missing_step(request: HttpRequest, account: Account) -> str | None:
    """Return the name of the page where staff must go before anything else, or None when nothing is missing."""
    if account.kind != Account.Kind.STAFF or is_verified(request, account):
        return None
    return "mfa_reauthenticate" if is_mfa_enabled(account) else "mfa_activate_totp"
