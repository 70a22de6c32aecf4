"""People and bodies for tests: made by the room's own commands. Other rooms' tests may use it too."""

from datetime import date, timedelta

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from tongban.base import moment
from tongban.directory.models import Division, Organisation
from tongban.directory.sample_codes import sample_code
from tongban.identity import commands
from tongban.identity.models import Account
from tongban.identity.queries import actor_for
from tongban.kernel.actor import SYSTEM, Actor, Role
from tongban.kernel.codes import resident_id

PASSWORD = "a long enough pass-phrase"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def divisions() -> tuple[Division, Division]:
    """The city and one of its counties."""
    province = _division("430000000000", "湖南省", "province", None)
    city = _division("430200000000", "株洲市", "city", province)
    return city, _division("430212000000", "渌口区", "county", city)


def _division(code, name, level, parent):
    facts = {"name": name, "level": level, "parent": parent, "search_text": name, "sort_key": name}
    return Division.objects.get_or_create(code=code, defaults=facts)[0]


def organisation(key: str = "rsj", *, division: Division | None = None, name: str = "株洲市人力资源和社会保障局"):
    """A body of the city."""
    division = division or divisions()[0]
    ref = f"{division.code[:6]}:{key}"
    facts = {
        "code": sample_code(ref, "11"), "name": name, "short_name": name[:20], "kind": "department",
        "division": division, "search_text": name, "sort_key": name,
    }  # fmt: skip
    return Organisation.objects.get_or_create(ref=ref, defaults=facts)[0]


def staff(login: str, *roles: str, at: Organisation, name: str = "示例工作人员") -> Account:
    """A staff account with posts in a body since a year ago."""
    account = commands.create_staff(SYSTEM, login=login, name=name)
    for role in roles:
        post, _changed = commands.set_post(SYSTEM, code=f"{at.ref}/{role}", organisation=at, role=role, title=role)
        commands.appoint(
            SYSTEM, account_id=account.pk, post_id=post.pk, valid_from=moment.today() - timedelta(days=365)
        )
    return account


def admin(at: Organisation) -> Actor:
    """IT staff of a body."""
    return as_actor(staff(f"admin.{at.pk}", Role.IT_ADMIN, at=at))


def citizen(phone: str = "19900000011", *, name: str = "陈示例", serial: int | None = None) -> Account:
    """A citizen's account; with a serial, a verified person stands behind it."""
    account = commands.register_citizen(SYSTEM, phone=phone, name=name)
    if serial is not None:
        number = resident_id.make("430212", date(1980, 1, 1), serial)
        account.person = commands.ensure_person(
            SYSTEM, document_kind="111", number=number, name=name, phone=phone, level=2
        )
        account.save(update_fields=["person"])
    return account


def as_actor(account: Account) -> Actor:
    """The actor that an account is now."""
    return actor_for(account, moment.now())


def log_in(client: Client, account: Account) -> Client:
    """Open a session as log-in would: staff with their second factor given."""
    client.force_login(account)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": 0}, {"method": "mfa", "at": 0}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return client
