"""Whatever reads what others send, and the errors that it may raise."""

import io
import json
from contextlib import suppress
from functools import partial

from itsdangerous.encoding import base64_encode
from msgspec.json import Decoder
from nacl.signing import SigningKey

from consent.domain import feed, receipts
from consent.domain.feed import Changes, Snapshot, StatusList
from consent.domain.state import SiteState
from consent.domain.tokens import CONTEXT, TokenSigner, TokenVerifier, read_unverified
from consent.errors import InvalidProof, InvalidToken, MalformedBody
from consent.gateway import events
from consent.services.bodies import ChoiceRequest, HeadRequest, WithdrawalRequest
from consent.services.checks import ChecksRequest
from consent.services.subjects import SubjectRequest
from consent.web.wire import body_of

KEY = SigningKey(bytes(32))
SIGNER = TokenSigner(KEY)
VERIFIER = TokenVerifier({SIGNER.kid: SIGNER.public})
BODIES = (
    *(ChoiceRequest, WithdrawalRequest, HeadRequest),
    *(SubjectRequest, ChecksRequest),
)


def token(sent):
    """Read a token."""
    VERIFIER.read(sent.decode("latin-1"))


def token_without_key(sent):
    """Read a token as people do."""
    read_unverified(sent.decode("latin-1"))


def signed_payload(sent):
    """Read a token that is really signed, whatever it says."""
    value = f"{SIGNER.kid}.{base64_encode(sent).decode()}"
    signature = KEY.sign(CONTEXT + value.encode()).signature
    VERIFIER.read(f"{value}.{base64_encode(signature).decode()}")


def snapshot(sent):
    """Start from a snapshot, as gateways do."""
    told = feed.read(sent, Snapshot)
    feed.read_keys(told.keys)
    if told.size <= feed.LIST_BYTES:
        feed.state_of(told, bytes(told.size), 60)


def changes(sent):
    """Take in changes, as gateways do."""
    told = feed.read(sent, Changes)
    feed.read_keys(told.keys)
    state = SiteState("shop")
    for change in told.changes:
        state.apply(change)


def status_list(sent):
    """Read a status list, as gateways do."""
    feed.unpack_statuses(feed.read(sent, StatusList))


def body(kind, sent):
    """Read what is posted."""
    environ = {"CONTENT_TYPE": "text/plain", "wsgi.input": io.BytesIO(sent)}
    body_of(environ, Decoder(kind))


def event(sent):
    """Take what an event carries out of it, as gateways do."""
    told = json.loads(sent)
    if isinstance(told, dict):
        for text in events.taken(told)[0].tokens:
            with suppress(InvalidToken):
                VERIFIER.read(text)


def receipt(sent):
    """Verify what is said to be a receipt, or an export of some."""
    for one in receipts.read(sent):
        receipts.verify(one)


READERS = {
    "token": (token, InvalidToken),
    "token without key": (token_without_key, InvalidToken),
    "signed payload": (signed_payload, InvalidToken),
    "snapshot": (snapshot, ValueError),
    "changes": (changes, ValueError),
    "status list": (status_list, ValueError),
    "event": (event, (ValueError, RecursionError)),
    "receipt": (receipt, InvalidProof),
    **{kind.__name__: (partial(body, kind), MalformedBody) for kind in BODIES},
}
