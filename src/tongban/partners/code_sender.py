"""The identity room's login codes, sent through whichever SMS gateway settings choose."""

from __future__ import annotations

from tongban.identity.registries import CodeSender, SenderUnavailableError
from tongban.partners import registries
from tongban.partners.problems import PartnerError


class GatewayCodeSender(CodeSender):
    """Sends codes by text message at once: a code that waits in a queue would be stored in clear."""

    name = "sms"

    def send(self, *, phone: str, text: str, request_id: str) -> None:
        """Send one message."""
        try:
            registries.sms_gateway().send(phone=phone, text=text, request_id=request_id)
        except PartnerError as error:
            raise SenderUnavailableError(str(error)) from error
