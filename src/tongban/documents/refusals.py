"""What the room refuses."""

from tongban.kernel.problems import Refusal


class DocumentRefusal(Refusal):
    """An act on a document that its state or the law does not allow."""
