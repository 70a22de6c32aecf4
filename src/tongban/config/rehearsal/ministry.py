"""A sample case in the system of a ministry: handed over, and reported back as its officials there go on."""

from collections.abc import Iterable
from typing import Final

from django.conf import settings

from tongban.base import outbox
from tongban.cases import commands
from tongban.cases.models import Case
from tongban.partners.problems import PartnerUnreachableError

#: What the officials over there do; whoever looks at the demonstration goes on from there in the simulator.
ACTS: Final = ("received", "accepted", "step")
_CLICK_S: Final = 5.0


def run_elsewhere(case: Case, acts: Iterable[str] = ACTS) -> bool:
    """Hand the case over, let officials act in the simulated system, ask for its reports; whether it answers.

    A system that does not answer leaves the case waiting to be handed over, as at any time.
    """
    while outbox.relay():
        pass
    try:
        commands.hand_over(case_no=case.case_no)
        for act in acts:
            _click(case.case_no, act)
        commands.ask_for_reports(case_no=case.case_no)
    except PartnerUnreachableError:
        return False
    return True


def _click(case_no: str, act: str) -> None:
    """Press a button on the simulator's page; the report is not sent, because the platform does not listen yet."""
    url = f"{settings.SIMULATORS_URL}/running/cases/{case_no}"
    # 12 MiB: only a process that calls others has them.
    import httpx

    answer = httpx.post(url, data={"act": act, "way": "lost"}, trust_env=False, timeout=_CLICK_S)
    if not answer.is_redirect:
        raise LookupError(f"the simulated system does not take “{act}”: {answer.status_code}")
