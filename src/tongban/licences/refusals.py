"""What the room refuses."""

from tongban.kernel.problems import Refusal


class LicenceRefusal(Refusal):
    """An act on a licence that its type, its status or the law does not allow."""
