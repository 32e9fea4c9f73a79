"""Entries of a ledger: what they say, their exact bytes, and what binds them."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

import msgspec

from consent.domain.notices import Notice
from consent.domain.vocabulary import Action, Decision, How, Kind, Regime

SALT_BYTES = 32
SUBJECT_BYTES = 16


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One immutable line of a ledger; nothing in it identifies anybody."""

    number: int
    kind: Kind
    at: datetime
    commitment: bytes


class Body(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What an entry commits to, its place in the ledger included."""

    site: str
    number: int
    at: datetime


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """A decision with the number, notice version and time that made it."""

    decision: Decision
    number: int
    notice: int
    at: datetime
    gpc: bool = False


class Record(Body, frozen=True, kw_only=True, tag="record", omit_defaults=True):
    """A choice or withdrawal, and every decision that holds after it.

    `decisions` is keyed by purpose, or by `purpose:vendor` for an exception.
    `notice` is the version shown; `terms` the version the token is checked against.
    `command` is a digest of what was asked, so that a retry can be told from
    another act under the same key. `account` tells that the subject is an account
    of the site, not a browser.
    """

    action: Action
    how: How
    notice: int
    terms: int
    locale: str
    regime: Regime
    decisions: dict[str, Made]
    key: bytes
    command: bytes
    subject: bytes | None = None
    previous: int | None = None
    layout: str | None = None
    gpc: bool = False
    made_at: datetime | None = None
    account: bool = False


class Registered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A purpose's permanent bit, and the version that last changed it materially.

    `reasons` says how it changed then; it is empty for a purpose that never did.
    """

    bit: int
    since: int
    reasons: tuple[str, ...] = ()


class Script(msgspec.Struct, frozen=True):
    """The banner script in one language: the SHA-256 of its bytes, as hex.

    `config` is what was put into it, `details` what into its dialog: their texts,
    whatever translations say later. Ledgers of older releases have all in `config`.
    """

    sha256: str
    config: dict[str, Any]
    details: dict[str, Any] = {}


class Place(msgspec.Struct, frozen=True):
    """Where an entry stands: its number and time."""

    number: int
    at: datetime


class Publication(
    Body, frozen=True, kw_only=True, tag="publication", omit_defaults=True
):
    """A notice made public under a version.

    `purposes` and `vendors` are the site's whole registers, ids no longer used
    included: a bit or number is given once and never reused. `scripts` is keyed by
    locale, and regime if there are several; common tokens are left out of what it
    hashes. Where only the script is
    another one, the same version is published again: `renews` is the number of the
    publication before it, and `first` the place of the first one of the version.
    """

    version: int
    digest: str
    notice: Notice
    purposes: dict[str, Registered]
    vendors: dict[str, int]
    scripts: dict[str, Script] = {}
    renews: int | None = None
    first: Place | None = None

    @property
    def public_since(self) -> Place:
        """Where the version was published first."""
        return self.first or Place(self.number, self.at)


class Suspension(Body, frozen=True, kw_only=True, tag="suspension"):
    """The operator stops a purpose or a vendor everywhere, or lifts that."""

    lifted: bool
    purpose: str | None = None
    vendor: str | None = None


class Erasure(Body, frozen=True, kw_only=True, tag="erasure"):
    """The contents of these records went, for a subject that nothing here names."""

    numbers: tuple[int, ...]


class Retention(Body, frozen=True, kw_only=True, tag="retention"):
    """The contents of all records with a number below this one went."""

    below: int


AnyBody = Record | Publication | Suspension | Erasure | Retention
_decoder: msgspec.json.Decoder[AnyBody] = msgspec.json.Decoder(AnyBody)


def encode(body: AnyBody) -> bytes:
    """Return the exact bytes that are hashed and kept; nobody serialises them again."""
    return msgspec.json.encode(body, order="deterministic")


def decode(body: bytes) -> AnyBody:
    """Return what the bytes of an entry's content say."""
    return _decoder.decode(body)


def kind_of(body: AnyBody) -> Kind:
    """Return the kind of entry that a body belongs to."""
    return Kind(str(type(body).__struct_config__.tag))


def commitment(body: bytes, salt: bytes) -> bytes:
    """Return HMAC-SHA256(salt, body): binding, and silent once the salt is gone."""
    return hmac.digest(salt, body, "sha256")


def subject_of(site: str, secret: bytes) -> bytes:
    """Return the pseudonym of whoever holds a secret, different on each site."""
    text = b"consent-subject/v1\n" + site.encode() + b"\0" + secret
    return hashlib.sha256(text).digest()[:SUBJECT_BYTES]
