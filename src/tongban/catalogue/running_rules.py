"""Rules of an item that is run in a system of others: it hands over only what the item asks for. Pure."""

from collections.abc import Iterator

from tongban.catalogue.definition import Definition
from tongban.catalogue.faults import Fault


def running(it: Definition) -> Iterator[Fault]:
    """What is handed over exists in the form and the materials; money is taken where the case is run."""
    there = it.runs_in
    if there is None:
        return
    for key in there.form:
        if key not in it.form.get("properties", {}):
            yield Fault("running.form", f"runs_in.form.{key}", "移交的表单项不在表单里")
    known = {one.key for one in it.materials if not one.generated_from_form}
    for key in there.materials:
        if key not in known:
            yield Fault("running.materials", f"runs_in.materials.{key}", "移交的材料不在材料清单里，或者由表单生成")
    if it.fee:
        yield Fault("running.fee", "fee", "在部省系统办理的事项，费用由该系统收取，这里不填收费")
