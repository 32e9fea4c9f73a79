"""What a webhook tells, and how it is signed (Standard Webhooks)."""

import base64
import hmac
from collections.abc import Sequence
from typing import Any, NamedTuple

from consent.domain.entries import AnyBody, Publication, Record
from consent.domain.instants import written
from consent.domain.vocabulary import Action

PREFIX = "whsec_"


class Message(NamedTuple):
    """One event of a ledger; its id is the same each time it is sent."""

    id: str
    type: str
    timestamp: str
    data: dict[str, Any]


def message_of(body: AnyBody) -> Message | None:
    """Return what is told of an entry: a material change, an account's withdrawal."""
    match body:
        case Publication(renews=None) if changed := _changed(body):
            kind = "notice.changed"
            data = {"version": body.version, "purposes": changed}
        case Record(account=True, action=Action.WITHDRAWN, subject=bytes(subject)):
            kind = "account.withdrawn"
            decisions = {
                name: made.decision for name, made in sorted(body.decisions.items())
            }
            data = {"account": subject.hex(), "decisions": decisions}
        case _:
            return None
    place = {"site": body.site, "number": body.number}
    message_id = f"msg_{body.site}_{body.number}"
    return Message(message_id, kind, written(body.at), place | data)


def headers(
    keys: Sequence[bytes], message_id: str, seconds: int, payload: bytes
) -> dict[str, str]:
    """Return the headers that prove a payload; each key signs, so that all can rotate.

    `seconds` is the time of this attempt, since the epoch.
    """
    signed = f"{message_id}.{seconds}.".encode() + payload
    signatures = (hmac.digest(key, signed, "sha256") for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(
            f"v1,{base64.b64encode(one).decode()}" for one in signatures
        ),
    }


def key_of(text: str) -> bytes:
    """Return the bytes of a key from its text, `whsec_` and base64."""
    return base64.b64decode(text.removeprefix(PREFIX))


def _changed(publication: Publication) -> dict[str, list[str]]:
    """Return the purposes that visitors are asked about anew, and why."""
    return {
        purpose.id: list(registered.reasons)
        for purpose in publication.notice.optional
        if (registered := publication.purposes[purpose.id]).since == publication.version
        and registered.reasons
    }
