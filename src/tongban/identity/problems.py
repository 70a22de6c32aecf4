"""Why the identity room refuses something."""

from __future__ import annotations

from tongban.kernel.problems import Refusal


class IdentityRefusal(Refusal):
    """An act on accounts, posts or persons that a rule does not allow."""
