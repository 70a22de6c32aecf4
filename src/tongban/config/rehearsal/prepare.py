"""A demonstration city: its pack (with the sample licences that its sample people hold) and sample accounts."""

from pathlib import Path

from tongban.config import citypack
from tongban.identity import commands as identity
from tongban.identity.commands import DemoAccount
from tongban.kernel.actor import SYSTEM


def prepare(pack: Path) -> list[DemoAccount]:
    """Load the city pack and make the sample accounts; again, nothing changes.

    Raises:
        PackRefused: the pack has errors.
        IdentityRefusal: this is a real installation.
    """
    citypack.load(pack, actor=SYSTEM)
    return demo_accounts(pack)


def demo_accounts(pack: Path) -> list[DemoAccount]:
    """Make, or find again, the sample accounts, and say how each logs in."""
    return identity.create_demo_accounts(root=pack)
