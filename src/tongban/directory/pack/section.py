"""The directory's section of the city pack."""

from collections.abc import Iterable

from tongban.base.pack import CITY_FILE, Changes, City, Finding, Pack, PackSection, parse
from tongban.directory.pack import divisions, loading, organisations, places
from tongban.directory.pack.rows import Plan
from tongban.kernel.actor import Actor

_PLAN = "directory.plan"


class DirectorySection(PackSection):
    """Divisions, organisations and places.

    Defines for later sections: `division` (12-character code), `organisation` (reference and credit code), `place`.
    """

    name = "directory"
    title = "区划、机构、场所"
    order = 20
    files = (
        CITY_FILE,
        divisions.TABLE,
        divisions.HISTORY,
        divisions.BOUNDARIES,
        organisations.TABLE,
        organisations.HISTORY,
        organisations.CODES,
        places.TABLE,
    )

    def check(self, pack: Pack) -> Iterable[Finding]:
        """Everything wrong with the directory's files; publishes what they define."""
        plan = _read(pack)
        pack.define(_PLAN, _PLAN, plan)
        for code, division in plan.divisions.items():
            pack.define("division", code, division)
        for ref, body in plan.organisations.items():
            pack.define("organisation", ref, body)
            if not pack.define("organisation", body.code, body):
                yield Finding(
                    organisations.TABLE, 1, ref, f"机构代码 {body.code} 重复", "在 organisation-codes.csv 里写明"
                )
        for code, place in plan.places.items():
            pack.define("place", code, place)
        yield from plan.findings

    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Bring divisions, organisations and places to what the pack says; what is gone ends today."""
        del actor  # The load as a whole is one event of config.citypack.
        return loading.load(pack.resolve(_PLAN, _PLAN) or _read(pack))


def _read(pack: Pack) -> Plan:
    plan = Plan()
    divisions.read_divisions(pack, plan)
    document = pack.yaml(CITY_FILE, required=True)
    # config.citypack reports what is wrong with city.yaml; the other files are checked all the same.
    city = parse(document, City)[0] if document else None
    if document and city and plan.divisions and city.division not in plan.divisions:
        message = f"找不到本市的区划 {city.division}"
        plan.findings.append(document.finding(("division",), message, f"核对 {divisions.TABLE}"))
    organisations.read_organisations(pack, plan, city.division if city else "")
    places.read_places(pack, plan)
    return plan
