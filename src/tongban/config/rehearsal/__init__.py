"""The rehearsal: prepares a demonstration city and runs whole cases by the same commands that people's clicks call."""

from tongban.config.rehearsal.demo import Step, run_demo
from tongban.config.rehearsal.prepare import demo_accounts, prepare
from tongban.config.rehearsal.town import furnish

__all__ = ["Step", "demo_accounts", "furnish", "prepare", "run_demo"]
