"""Two reforms at once: real threads, real commits, one circle never closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from django.db import connections

from tongban.directory import commands
from tongban.directory.commands import DirectoryRefusal
from tongban.directory.models import Division, Organisation, OrganisationSuccession
from tongban.directory.sample_codes import sample_code
from tongban.kernel.actor import SYSTEM


def test_three_bodies_merged_into_one_another_at_once_do_not_close_a_circle(live_database):
    province = Division.objects.create(code="430000000000", name="湖南省", level="province")
    city = Division.objects.create(code="430200000000", name="株洲市", level="city", parent=province)
    codes = [sample_code(f"430200:{key}", "11") for key in "abc"]
    for key, code in zip("abc", codes, strict=True):
        Organisation.objects.create(
            code=code, ref=f"430200:{key}", name=f"局{key}", short_name=f"局{key}", kind="department", division=city
        )
    together = Barrier(3)

    def merge(place):
        try:
            together.wait(timeout=20)
            commands.merge_organisations(
                actor=SYSTEM, old_codes=[codes[place]], new_code=codes[(place + 1) % 3],
                on=date(2024, 1, 1 + place), basis="方案",
            )  # fmt: skip
        except DirectoryRefusal as refusal:
            return refusal.code
        else:
            return "merged"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(merge, range(3)))
    assert set(outcomes) <= {"merged", "circle", "gap"}
    arrows = dict(OrganisationSuccession.objects.values_list("old_id", "new_id"))
    assert len(arrows) == outcomes.count("merged")
    assert 1 <= len(arrows) <= 2
    for body in arrows:
        here, steps = body, 0
        while here in arrows:
            here, steps = arrows[here], steps + 1
            assert steps <= 3, "the successions lead in a circle"
