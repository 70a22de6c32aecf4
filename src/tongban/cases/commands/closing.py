"""The one door by which a case ends, whatever the completion code."""

from datetime import datetime
from typing import Any

from tongban.cases import ends, inbox
from tongban.cases.commands import opening, opinions
from tongban.cases.models import Case, CaseStep, Decision
from tongban.cases.states import ResultCode, State
from tongban.kernel.actor import Actor


def close(
    actor: Actor,
    case: Case,
    state: State,
    code: ResultCode,
    *,
    at: datetime,
    reason: str = "",
    basis: str = "",
    right_body: str = "",
    certificate: ends.Certificate | None = None,
    **columns: Any,
) -> None:
    """End the case by a completion code with what it needs: the reason is kept, no step and no inbox stays open.

    `columns`: further columns of the case to be written with it.

    Raises:
        ValueError: what the code needs is missing (`ends.check`).
    """
    ends.check(code, state, reason=reason, certificate=certificate)
    if code != ResultCode.LICENCE:
        Decision.objects.create(
            case=case,
            kind="refused" if code == ResultCode.REFUSED else str(state),
            reason=reason,
            basis=basis,
            right_body=right_body,
            decided_at=at,
            decided_by_id=actor.account_id,
        )
    opening.save(case, state=state, result_code=code, completed_at=at, **columns)
    # Nobody goes on with what was open; it was not done either.
    CaseStep.objects.filter(case=case, state="open").update(state="stopped", done_at=at)
    inbox.close(case, at)
    opinions.forget_opinions(case)
