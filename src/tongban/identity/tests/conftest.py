import re

import pytest

from tongban.identity.registries import (
    CodeSender,
    IdentityVerifier,
    SenderUnavailableError,
    Verdict,
    code_senders,
    verifiers,
)


class Pocket(CodeSender):
    """Keeps what was sent, as a phone would."""

    name = "pocket"

    def __init__(self):
        self.messages = []
        self.is_down = False

    def send(self, *, phone, text, request_id):
        if self.is_down:
            raise SenderUnavailableError("down")
        self.messages.append((phone, text, request_id))

    def code(self):
        """The code in the last message."""
        found = re.search(r"\d{6}", self.messages[-1][1])
        assert found is not None
        return found[0]


class Clerk(IdentityVerifier):
    """Answers what it is told to."""

    name = "clerk"
    is_match = True

    def check(self, claim):
        self.claim = claim
        return Verdict(is_match=self.is_match, reference="R1")


@pytest.fixture
def pocket(monkeypatch, settings):
    sender = Pocket()
    monkeypatch.setitem(code_senders._things, "pocket", sender)
    settings.CODE_SENDER = "pocket"
    return sender


@pytest.fixture
def clerk(monkeypatch, settings):
    verifier = Clerk()
    monkeypatch.setitem(verifiers._things, "clerk", verifier)
    settings.IDENTITY_VERIFIER = "clerk"
    return verifier
