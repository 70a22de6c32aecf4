"""A case as the law has it: an independent, tiny model of 行政许可法, to hold the program against.

Written from the articles, not from the program: it imports nothing of the room. Each rule names its article. What an
act gives in writing and in the file is counted as the law and the platform's plan demand it: `papers`, `entries`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

Stage = Literal[
    "applied", "taken", "incomplete", "not_accepted", "no_permit_needed", "in_hand", "granted", "refused", "completed",
    "withdrawn", "voided", "sent_back", "transferred",
]  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """One step of the examination: what it waits for, and what kind of step it is."""

    key: str
    kind: Literal["handling", "review", "approval"]
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """An act with what matters of its circumstances: which step, which of two colleagues, which way, back to which."""

    name: str
    step: str = ""
    who: int = 0
    yes: bool = True
    to: str = ""


@dataclass
class LawCase:
    """Where an application stands in law."""

    units: tuple[Unit, ...]
    fee: bool
    licence: bool
    stage: Stage = "applied"
    told_once: bool = False
    done: set[str] = field(default_factory=set)
    taken_by: dict[str, int] = field(default_factory=dict)
    done_by: dict[str, int] = field(default_factory=dict)
    bill: Literal["none", "open", "paid"] = "none"
    delivered: bool = False
    papers: int = 0
    entries: int = 0

    def copy(self) -> "LawCase":
        """A model of its own, to try an act on."""
        return replace(self, done=set(self.done), taken_by=dict(self.taken_by), done_by=dict(self.done_by))

    def open_units(self) -> list[Unit]:
        """Steps whose turn it is: everything they wait for is done (art. 34: examination before decision)."""
        if self.stage != "in_hand":
            return []
        return [one for one in self.units if one.key not in self.done and set(one.after) <= self.done]

    def may(self, act: Act) -> bool:
        """Whether the law allows the act now."""
        rule: Callable[[Act], bool] = getattr(self, f"_may_{act.name}")
        return rule(act)

    def do(self, act: Act) -> None:
        """Let the act happen; it must be allowed."""
        rule: Callable[[Act], None] = getattr(self, f"_do_{act.name}")
        rule(act)

    def acts(self) -> list[Act]:
        """Every act that anybody could try, lawful or not."""
        names = (
            "receive", "pre_review", "notify", "complete_materials", "accept", "refuse_acceptance", "need_no_permit", "issue", "pay",
            "download", "hand_out", "withdraw", "void", "transfer",
            "return_unanswered", "delete_entry",
        )  # fmt: skip
        found = [Act(name) for name in names]
        found += [Act("decide", yes=way) for way in (True, False)]
        for one in self.units:
            found += [Act("claim", one.key, who) for who in (0, 1)]
            found += [Act("examine", one.key, who, way) for who in (0, 1) for way in (True, False)]
            found += [Act("send_back", one.key, to=other.key) for other in self.units if one.kind != "handling"]
        return found

    # Art. 29, 32: the body takes an application and gives a dated receipt, once.
    def _may_receive(self, _act: Act) -> bool:
        return self.stage in {"applied", "sent_back"}

    def _do_receive(self, _act: Act) -> None:
        self._write("taken")

    # Art. 32 (4): one notice of everything that is missing; no second one.
    def _may_notify(self, _act: Act) -> bool:
        return self.stage == "taken" and not self.told_once

    def _do_notify(self, _act: Act) -> None:
        self.told_once = True
        self._write("incomplete")

    # The same notice before receipt; the application may then be completed where it is, which is no fresh receipt.
    def _may_pre_review(self, _act: Act) -> bool:
        return self.stage == "applied" and not self.told_once

    def _do_pre_review(self, _act: Act) -> None:
        self.told_once = True
        self._write("sent_back")

    # Art. 32 (4), (5): the applicant completes what was named; after receipt that is a fresh one.
    def _may_complete_materials(self, _act: Act) -> bool:
        return self.stage in {"incomplete", "sent_back"}

    def _do_complete_materials(self, _act: Act) -> None:
        self.stage = "taken" if self.stage == "incomplete" else "applied"
        self.entries += 1

    # Art. 32 (5): complete materials are accepted, in writing.
    def _may_accept(self, _act: Act) -> bool:
        return self.stage == "taken"

    def _do_accept(self, _act: Act) -> None:
        self._write("in_hand")
        self.entries += len(self.open_units())

    # Art. 32 (2): not this body's matter: at once, in writing, with the right body.
    def _may_refuse_acceptance(self, _act: Act) -> bool:
        return self.stage in {"applied", "sent_back", "taken"}

    def _do_refuse_acceptance(self, _act: Act) -> None:
        self._write("not_accepted")

    # Art. 32 (1): no permit is needed: at once.
    _may_need_no_permit = _may_refuse_acceptance

    def _do_need_no_permit(self, _act: Act) -> None:
        self._write("no_permit_needed")

    # Art. 34: who examines. A step is one person's once taken; its own colleague cannot do it then.
    def _may_claim(self, act: Act) -> bool:
        turn = any(one.key == act.step for one in self.open_units())
        return turn and self.taken_by.get(act.step, act.who) == act.who

    def _do_claim(self, act: Act) -> None:
        if act.step not in self.taken_by:
            self.taken_by[act.step] = act.who
            self.entries += 1

    # Art. 34, 37: the steps examine and give opinions; the approval is the decision itself.
    def _may_examine(self, act: Act) -> bool:
        unit = next(one for one in self.units if one.key == act.step)
        return unit.kind != "approval" and self._may_claim(act)

    def _do_examine(self, act: Act) -> None:
        before = {one.key for one in self.open_units()}
        self.done.add(act.step)
        self.done_by[act.step] = act.who
        self.entries += 1 + sum(one.key not in before for one in self.open_units())

    # No article: who reviews or decides may have the work of a step before done again; whoever did it does it again.
    # The limit of art. 42 runs on: nothing stops or begins anew.
    def _may_send_back(self, act: Act) -> bool:
        return self._may_claim(act) and act.to in self._waits_for(act.step)

    def _do_send_back(self, act: Act) -> None:
        again = {one.key for one in self.units if one.key == act.to or act.to in self._waits_for(one.key)}
        self.done -= again
        self.taken_by = {key: who for key, who in self.taken_by.items() if key not in again}
        self.taken_by[act.to] = self.done_by[act.to]
        self.entries += 2

    def _waits_for(self, key: str) -> set[str]:
        direct = next(one.after for one in self.units if one.key == key)
        return {*direct, *(further for one in direct for further in self._waits_for(one))}

    # Art. 37, 38: decided in writing after examination; a refusal with its reasons. Here also the 呈批表.
    def _may_decide(self, _act: Act) -> bool:
        ready = [one for one in self.open_units() if one.kind == "approval"]
        return bool(ready) and self.taken_by.get(ready[0].key, 0) == 0

    def _do_decide(self, act: Act) -> None:
        self.done |= {one.key for one in self.units if one.kind == "approval"}
        self._write("granted" if act.yes else "refused")
        self.papers += 1
        if act.yes and self.fee:
            self.bill = "open"
            self.papers += 1

    # Art. 44: after a grant the licence is issued; it is one document. No second one.
    def _may_issue(self, _act: Act) -> bool:
        return self.stage == "granted"

    def _do_issue(self, _act: Act) -> None:
        self.stage = "completed"
        self.entries += 1
        self.papers += self.licence

    # Art. 58, 59: fees by law only; a bill is paid once.
    def _may_pay(self, _act: Act) -> bool:
        return self.bill == "open"

    def _do_pay(self, _act: Act) -> None:
        self.bill = "paid"

    # Art. 44: delivered after it was issued (a refusal: after the decision), once; a second look changes nothing.
    def _may_download(self, act: Act) -> bool:
        return self._may_hand_out(act) or self.delivered

    def _do_download(self, act: Act) -> None:
        if not self.delivered:
            self._do_hand_out(act)

    def _may_hand_out(self, _act: Act) -> bool:
        made = self.stage == "refused" or (self.stage == "completed" and self.bill != "open")
        return made and not self.delivered

    def _do_hand_out(self, _act: Act) -> None:
        self.delivered = True
        self.papers += 1
        self.entries += 1

    # An application may be taken back until it is decided.
    def _may_withdraw(self, _act: Act) -> bool:
        return self.stage in {"applied", "sent_back", "taken", "incomplete", "in_hand"}

    def _do_withdraw(self, _act: Act) -> None:
        self._write("withdrawn")

    # No article: the exchange dictionary's 作废 and 转报 end what nobody has decided yet, in writing and with a reason.
    _may_void = _may_withdraw

    def _do_void(self, _act: Act) -> None:
        self._write("voided")

    def _may_transfer(self, _act: Act) -> bool:
        return self.stage in {"taken", "in_hand"}

    def _do_transfer(self, _act: Act) -> None:
        self._write("transferred")

    # Art. 32 (4): returned once the term of the notice has passed, which it has not here.
    def _may_return_unanswered(self, _act: Act) -> bool:
        return False

    # The exchange dictionary's 删除: of what a window entered in error; these applications were filed online.
    _may_delete_entry = _may_return_unanswered

    def _write(self, stage: Stage) -> None:
        self.stage = stage
        self.papers += 1
        self.entries += 1
