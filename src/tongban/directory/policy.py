"""Who may change the directory."""

from tongban.kernel.actor import Actor, Role


def may_reorganise(actor: Actor, division_code: str) -> bool:
    """The program itself, and an IT administrator of the division or of one above it."""
    if actor.is_system:
        return True
    return any(
        post.role == Role.IT_ADMIN and division_code.startswith(_reach(post.division_code))
        for post in actor.appointments
    )


def _reach(code: str) -> str:
    """The digits that everything under a division begins with: 430200000000 reaches 4302."""
    for width in (2, 4, 6, 9):
        if set(code[width:]) <= {"0"}:
            return code[:width]
    return code
