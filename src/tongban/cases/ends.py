"""办结 results: every way in which a case ends, its code in the exchange dictionary, and what that code needs.

Source: EA_JC_STEP_DONE.doneresult of the provincial supervision exchange. No database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from django.utils.translation import gettext_noop as _

from tongban.cases.states import ResultCode, State


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What was issued: number and validity of a licence, or of the decision itself; `valid_to` None: no end."""

    name: str
    number: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """One completion code: its name, in which states a case ended so stands, and what must be given with it."""

    name: str
    states: frozenset[State]
    needs: Literal["certificate", "reason"] = "reason"


ENDS: Final[Mapping[ResultCode, End]] = MappingProxyType(
    {
        ResultCode.LICENCE: End(name=_("出证办结"), states=frozenset({State.COMPLETED}), needs="certificate"),
        ResultCode.REFUSED: End(name=_("不予许可"), states=frozenset({State.DECIDED_REFUSED})),
        ResultCode.VOIDED: End(name=_("作废办结"), states=frozenset({State.VOIDED})),
        ResultCode.DELETED: End(name=_("删除办结"), states=frozenset({State.DELETED})),
        ResultCode.TRANSFERRED: End(name=_("转报办结"), states=frozenset({State.TRANSFERRED})),
        ResultCode.RETURNED: End(name=_("退件"), states=frozenset({State.WITHDRAWN, State.RETURNED})),
        ResultCode.NOT_ACCEPTED: End(
            name=_("不予受理"), states=frozenset({State.NOT_ACCEPTED, State.NO_PERMIT_NEEDED})
        ),
    }
)


def check(code: ResultCode, state: State, *, reason: str = "", certificate: Certificate | None = None) -> None:
    """Let a case end by this code only with what the code needs.

    Raises:
        ValueError: another state than the code's, no reason, or no number and validity; commands ask for them before.
    """
    end = ENDS[code]
    if state not in end.states:
        raise ValueError(f"A case ended by code {code} does not stand at {state}.")
    if end.needs == "reason" and not reason.strip():
        raise ValueError(f"Code {code} needs a reason.")
    if end.needs == "certificate" and (certificate is None or not certificate.number):
        raise ValueError(f"Code {code} needs a number and a validity.")
