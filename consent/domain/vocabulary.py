"""The closed sets of words that code, ledger and HTTP share."""

from enum import IntEnum, StrEnum


class Basis(StrEnum):
    """What makes a purpose lawful (GDPR Art. 6, ePrivacy Art. 5(3))."""

    EXEMPT = "exempt"
    CONSENT = "consent"
    OBJECTION = "objection"


class Regime(StrEnum):
    """What holds for a visitor who was not asked yet, strictest first."""

    OPT_IN = "opt-in"
    OPT_OUT = "opt-out"
    INFORM = "inform"


class Decision(StrEnum):
    """What a visitor decided about a purpose, or about a vendor in it."""

    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTED = "objected"


class Action(StrEnum):
    """What a record did to where its subject stood."""

    GIVEN = "given"
    REFUSED = "refused"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class How(StrEnum):
    """Where a choice was made."""

    BANNER = "banner"
    PREFERENCES = "preferences"
    API = "api"


class Kind(StrEnum):
    """What an entry of a ledger is."""

    RECORD = "record"
    PUBLICATION = "publication"
    SUSPENSION = "suspension"
    ERASURE = "erasure"
    RETENTION = "retention"


class Status(IntEnum):
    """Whether a record is in force (IETF Token Status List values)."""

    IN_FORCE = 0
    WITHDRAWN = 1
    SUPERSEDED = 3


class Reason(StrEnum):
    """Why a check allowed or denied; one per line of the check rule."""

    UNKNOWN = "unknown"
    NECESSARY = "necessary"
    SUSPENDED = "suspended"
    STALE = "stale"
    SIGNAL = "signal"
    MISSING = "missing"
    UNCONTESTED = "uncontested"
    INVALID = "invalid"
    EXPIRED = "expired"
    OUTDATED = "outdated"
    DEFAULT = "default"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTED = "objected"


ALLOWING = frozenset(
    {Reason.NECESSARY, Reason.UNCONTESTED, Reason.DEFAULT, Reason.GRANTED}
)
"""The reasons that allow; every other one denies."""


class Use(StrEnum):
    """What a key signs; one key never does both."""

    TOKEN = "token"  # noqa: S105 - a word, not a secret
    CHECKPOINT = "checkpoint"
