"""Who acts: whoever holds a secret, or an account that a site vouches for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, NamedTuple

from msgspec import Meta
from nacl.signing import VerifyKey

from consent.domain import accounts
from consent.domain.entries import SUBJECT_BYTES, subject_of
from consent.errors import InvalidAccountProof, InvalidChoice
from consent.services import notices
from consent.services.progress import Progress, counted, no_progress
from consent.services.runtime import Runtime
from consent.store import apikeys

SECRET_PATTERN = rf"^([0-9a-f]{{32}}|{accounts.PATTERN})$(?!\n)"
Secret = Annotated[str, Meta(pattern=SECRET_PATTERN)]
"""A secret, or the account proof of a visitor who is logged in."""


class Outdated(NamedTuple):
    """An account whose newest answer was given on an older notice."""

    account: str
    notice: int
    at: datetime


def is_proof(secret: str) -> bool:
    """Tell an account proof from a secret."""
    return "." in secret


def is_over(runtime: Runtime, secret: str) -> bool:
    """Tell whether what acted is a proof that has expired."""
    now = runtime.clock.now().timestamp()
    return is_proof(secret) and accounts.read(secret).is_over(now)


def subject(runtime: Runtime, site: str, secret: str) -> bytes:
    """Return the subject that a secret or account proof acts for.

    The database is asked about the key each time, so that what a revoked one signed
    is out at once. Raises UnknownSite or InvalidAccountProof.
    """
    if not is_proof(secret):
        return subject_of(site, bytes.fromhex(secret))
    proof = accounts.read(secret)
    with runtime.database.reading() as connection:
        keys = apikeys.keys_of(connection, site)
    for key in keys:
        if key.id == proof.key_id and key.public and key.revoked_at is None:
            now = runtime.clock.now().timestamp()
            proof.verify(site, VerifyKey(key.public), now)
            return proof.account
    raise InvalidAccountProof(
        f"{proof.key_id} is no API key of {site} that signs account proofs"
    )


def named(account: str) -> bytes:
    """Return the subject of an account by its HMAC; raises InvalidChoice."""
    try:
        found = bytes.fromhex(account)
    except ValueError:
        found = b""
    if len(found) != SUBJECT_BYTES:
        raise InvalidChoice("account: expected 32 hexadecimal digits")
    return found


def newest_material(runtime: Runtime, site: str) -> int:
    """Return the version of the newest notice that asked about something anew."""
    publication = notices.in_force(runtime, site)
    optional = publication.notice.optional
    return max((publication.purposes[one.id].since for one in optional), default=1)


def to_notify(
    runtime: Runtime, site: str, version: int, progress: Progress = no_progress
) -> Iterator[Outdated]:
    """Yield each account whose newest answer is older than a notice version."""
    ledger = runtime.ledger(site)
    for record in counted(ledger.heads(), ledger.count_heads(), progress):
        if record.account and record.subject and record.notice < version:
            yield Outdated(record.subject.hex(), record.notice, record.at)
