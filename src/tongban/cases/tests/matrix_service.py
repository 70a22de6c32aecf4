"""Rows of the matrix for service and the archive."""

from collections.abc import Callable
from typing import Any

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.tests import story
from tongban.cases.tests.matrix import RECEPTION, SEES, Attempt, Scene, row

# Service by the body or the window that hands out; the way is the applicant's to choose.


def ready(scene: Scene) -> story.Walk:
    return scene.walk().receive().accept().to_decision().decide().issue()


@row("citizen", sees=SEES)
def choose_delivery(scene: Scene) -> Attempt:
    no, service = ready(scene).no, commands.Service(address="株洲市天元区神农大道399号", delivery="mail")
    return lambda actor: commands.choose_delivery(actor=actor, case_no=no, service=service)


POSTING = commands.Posting(carrier="ems", tracking_no="1012345678901")
ACCOUNT = "电话停机，社区称已搬走，去向不明。"
#: What each act of service takes, made when it is tried; before the last two the result is in the post.
SERVICE: dict[str, Callable[[], dict[str, Any]]] = {
    "send_parcel": lambda: {"posting": POSTING},
    "note_failed_service": lambda: {
        "attempt": commands.Attempt(way="visit", outcome="absent", at=moment.now(), place="津口路", note="无人应答。")
    },
    "leave_documents": lambda: {
        "leaving": commands.Leaving(at=moment.now(), place="津口路", reason="拒绝签收。", recording="执法记录仪 3 号")
    },
    "publish_notice": lambda: {"reason": "unknown", "account": ACCOUNT},
    "ask_carrier": dict,
    "end_parcel": lambda: {"end": commands.ParcelEnd(outcome="returned", at=moment.now())},
}


def service_row(name: str) -> None:
    def stage(scene: Scene) -> Attempt:
        no = ready(scene).no
        if name in {"ask_carrier", "end_parcel"}:
            commands.send_parcel(actor=scene.clerk, case_no=no, posting=POSTING)
        return lambda actor: getattr(commands, name)(actor=actor, case_no=no, **SERVICE[name]())

    stage.__name__ = name
    row(*RECEPTION, sees=SEES)(stage)


for one in SERVICE:
    service_row(one)


@row("officer", "head", "system", sees=SEES)
def archive(scene: Scene) -> Attempt:
    no = ready(scene).hand_out().no
    return lambda actor: commands.archive(actor=actor, case_no=no)


@row("officer", "head")
def take_archive(scene: Scene) -> Attempt:
    no = ready(scene).hand_out().archive().no
    return lambda actor: commands.take_archive(actor=actor, case_no=no)
