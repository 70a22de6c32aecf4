"""Why the portal refuses: stable codes, sentences that say what to do next."""

from tongban.kernel.problems import Refusal


class PortalRefusal(Refusal):
    """An act of the citizen's channel that the state of things does not allow."""
