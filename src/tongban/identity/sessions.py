"""Who is logged in, read with every page: session and account by statements that are compiled once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from tongban.base.reading import Asked, Prepared
from tongban.identity.models import Account

_SESSION = Prepared(lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()))
_ACCOUNT = Prepared(lambda key: Account.objects.filter(pk=key))


def ask_account(account_id: int) -> Asked:
    """What `AccountBackend` reads, to be read ahead with the account's posts."""
    return _ACCOUNT.asked(key=account_id)


class SessionStore(DatabaseSessions):
    """Sessions in the database, as Django keeps them."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=self.session_key)
        if found is None:
            self._session_key = None
        return found


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Logs in as allauth does; the account of a session is read here."""

    def get_user(self, user_id: Any) -> Account | None:
        """The account, unless it was closed."""
        account = _ACCOUNT.first(key=int(user_id))
        return account if account is not None and self.user_can_authenticate(account) else None
