"""The demonstration's accounts, made by the same commands as anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password

from tongban.base.pack import Pack
from tongban.identity import pack as shapes
from tongban.identity.commands.accounts import create_staff, register_citizen, set_demo_totp
from tongban.identity.commands.companies import bind_operator, ensure_company
from tongban.identity.commands.persons import LEVEL_REAL_NAME, RESIDENT_ID, ensure_person
from tongban.identity.commands.posts import appoint
from tongban.identity.models import Account, Company, Post
from tongban.identity.problems import IdentityRefusal
from tongban.kernel.actor import SYSTEM

#: Since when the demonstration's staff hold their posts: what is rehearsed or tested may lie in the past.
POSTS_SINCE: Final = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of the table that the demonstration prints: how to log in, and what for."""

    account_id: int
    login: str
    password: str
    totp_seed: str
    name: str
    purpose: str


def create_demo_accounts(*, root: Path) -> list[DemoAccount]:
    """Create, or find again, the sample accounts of the pack in folder `root` and return how each logs in.

    Citizens log in by phone (a code from the SMS simulator, or the password), staff by login name, password
    and the code of their second factor.

    Raises:
        IdentityRefusal: `not_a_demonstration`: this installation is a real one.
    """
    if not settings.DEMO:
        raise IdentityRefusal("not_a_demonstration", "这不是演示环境，不能创建示例账号。")
    accounts = shapes.read_accounts(Pack(root))
    if accounts is None:
        return []
    for company in accounts.companies:
        ensure_company(
            SYSTEM,
            code=company.uscc,
            name=company.name,
            legal_representative=company.legal_representative,
            address=company.address,
        )
    password = _SharedPassword(accounts.password)
    citizens = [_citizen(citizen, password) for citizen in accounts.citizens]
    return [*citizens, *(_staff(staff, accounts, password) for staff in accounts.staff)]


class _SharedPassword:
    """The published password of all sample accounts: its slow hash is computed once, not for each of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._right = ""

    def ensure(self, account: Account) -> None:
        """Make the account open with the password; nothing happens when it does."""
        if account.password and account.password == self._right:
            return
        if self._right or not (account.has_usable_password() and account.check_password(self.text)):
            account.password = self._right or make_password(self.text)
            Account.objects.filter(pk=account.pk).update(password=account.password)
        self._right = account.password


def _citizen(shape: shapes.CitizenShape, password: _SharedPassword) -> DemoAccount:
    account = register_citizen(SYSTEM, phone=shape.phone, name=shape.name)
    password.ensure(account)
    if account.person_id is None:
        account.person = ensure_person(
            SYSTEM,
            document_kind=RESIDENT_ID,
            number=shape.document_number,
            name=shape.name,
            phone=shape.phone,
            level=LEVEL_REAL_NAME,
        )
        Account.objects.filter(pk=account.pk).update(person=account.person)
    for operated in shape.operates:
        bind_operator(
            SYSTEM,
            company_id=Company.objects.get(uscc=operated.uscc).pk,
            account_id=account.pk,
            role=operated.role,
            valid_from=operated.valid_from,
            valid_to=operated.valid_to,
        )
    return DemoAccount(account.pk, shape.phone, password.text, "", shape.name, shape.purpose)


def _staff(shape: shapes.StaffShape, accounts: shapes.AccountsShape, password: _SharedPassword) -> DemoAccount:
    account = create_staff(SYSTEM, login=shape.login, name=shape.name)
    password.ensure(account)
    set_demo_totp(account, accounts.totp_seed)
    for post in Post.objects.filter(code__in=shape.posts).order_by("pk"):
        appoint(SYSTEM, account_id=account.pk, post_id=post.pk, valid_from=POSTS_SINCE)
    return DemoAccount(account.pk, shape.login, accounts.password, accounts.totp_seed, shape.name, shape.purpose)
