"""A demonstration city: its pack, sample accounts, and the licences that its sample people hold already."""

from datetime import date
from pathlib import Path
from typing import Any

from tongban.base.pack import Pack, read_city
from tongban.config import citypack
from tongban.identity import commands as identity
from tongban.identity.commands import DemoAccount
from tongban.identity.queries import sample_people
from tongban.kernel.actor import SYSTEM
from tongban.licences import commands as licences
from tongban.licences.queries import held_by

#: Licence types that the library already holds of sample people (licence-types.yaml: issued elsewhere).
RESIDENT_ID_TYPE = "11100000000013127D001"
BUSINESS_LICENCE_TYPE = "11100000MB0143028R001"
HELD_SINCE = date(2024, 1, 1)


def prepare(pack: Path) -> list[DemoAccount]:
    """Load the city pack, make the sample accounts and what they hold; again, nothing changes.

    Raises:
        PackRefused: the pack has errors.
        IdentityRefusal: this is a real installation.
    """
    citypack.load(pack, actor=SYSTEM)
    return demo_accounts(pack)


def demo_accounts(pack: Path) -> list[DemoAccount]:
    """Make, or find again, the sample accounts and their licences, and say how each logs in."""
    accounts = identity.create_demo_accounts(root=pack)
    people = sample_people(Pack(pack))
    city = read_city(pack)
    if people is None:
        return accounts
    for citizen in people.citizens:
        _hold(
            type_code=RESIDENT_ID_TYPE,
            holder_name=citizen.name,
            holder_code=citizen.document_number,
            holder_code_type="111",
            number=citizen.document_number,
            issuer_name="公安机关（示例）",
            division_code=city.division,
            fields={"姓名": citizen.name},
            valid_to=date(2038, 12, 31),
        )
    for company in people.companies:
        _hold(
            type_code=BUSINESS_LICENCE_TYPE,
            holder_name=company.name,
            holder_code=company.uscc,
            holder_code_type="001",
            number=company.uscc,
            issuer_name="市场监督管理部门（示例）",
            division_code=city.division,
            fields={
                "名称": company.name,
                "经营者": company.legal_representative,
                "经营场所": company.address,
            },
            valid_to=None,
        )
    return accounts


def _hold(*, type_code: str, holder_code: str, **rest: Any) -> None:
    if held_by(holder_code, type_code=type_code):
        return
    licences.import_existing(
        actor=SYSTEM,
        type_code=type_code,
        holder_code=holder_code,
        issuer_code=type_code[:18],
        issued_on=HELD_SINCE,
        valid_from=HELD_SINCE,
        sample=True,
        **rest,
    )
