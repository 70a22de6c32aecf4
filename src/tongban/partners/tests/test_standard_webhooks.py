"""Signatures of Standard Webhooks, against the specification's own example and against forgery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.partners import standard_webhooks as wire
from tongban.partners.problems import SignatureError

NOW = 1_790_000_000.0


def test_the_example_of_the_specification():
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    sent = wire.signed_headers([secret], message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", body=body, now_s=1614265330)
    assert sent["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=300), st.text("abc-123", min_size=1, max_size=40))
def test_what_was_signed_verifies_with_either_of_two_secrets(body, message_id):
    new, old = wire.new_secret(), wire.new_secret()
    sent = wire.signed_headers([new, old], message_id=message_id, body=body, now_s=NOW)
    assert wire.verify(sent, new, body=body, now_s=NOW) == message_id
    assert wire.verify(sent, old, body=body, now_s=NOW + 299) == message_id


@pytest.mark.parametrize("change", ["body", "id", "time", "secret", "stale", "early", "missing", "words"])
def test_anything_changed_is_refused(change):
    secret = wire.new_secret()
    sent = wire.signed_headers([secret], message_id="a-1", body=b"{}", now_s=NOW)
    body, now_s = b"{}", NOW
    if change == "body":
        body = b"{ }"
    elif change == "id":
        sent[wire.ID] = "a-2"
    elif change == "time":
        sent[wire.TIMESTAMP] = str(int(NOW) + 1)
    elif change == "words":
        sent[wire.TIMESTAMP] = "٣"
    elif change == "secret":
        secret = wire.new_secret()
    elif change == "missing":
        del sent[wire.SIGNATURE]
    else:
        now_s = NOW + (301 if change == "stale" else -301)
    with pytest.raises(SignatureError):
        wire.verify(sent, secret, body=body, now_s=now_s)
