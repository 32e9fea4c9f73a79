"""What programs are answered, as values: what is documented is what is sent."""

from datetime import date, datetime
from typing import Literal

import msgspec

from consent.domain.notices import Notice, Party, Storage
from consent.domain.vocabulary import Action, Basis, Decision, How, Reason


class Problem(msgspec.Struct, frozen=True):
    """A problem document (RFC 9457); `type` is stable."""

    type: str
    title: str
    status: int
    detail: str


class CheckVerdict(msgspec.Struct, frozen=True):
    """The answer of one check."""

    allowed: bool
    reason: Reason


class Verdicts(msgspec.Struct, frozen=True):
    """The verdicts of all checks asked for, in their order."""

    verdicts: list[CheckVerdict]


class Recorded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands now, and the token that states it; what there is none of is left out.

    `previous` is the number of the record before it, `receipt` its own address.
    """

    site: str
    decisions: dict[str, Decision]
    token: str | None = None
    expires_at: datetime | None = None
    number: int | None = None
    previous: int | None = None
    receipt: str | None = None


class HistoryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a subject, and where its receipt is."""

    number: int
    at: datetime
    action: Action
    how: How
    notice: int
    decisions: dict[str, Decision]
    account: bool
    receipt: str


class History(msgspec.Struct, frozen=True):
    """A subject's records, newest first."""

    site: str
    records: list[HistoryRecord]


class Erased(msgspec.Struct, frozen=True):
    """The entry that says so, and the numbers whose contents went."""

    site: str
    number: int
    erased: tuple[int, ...]


class PublishedNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the notice; `since` tells when each purpose last changed."""

    version: int
    digest: str
    published_at: datetime
    number: int
    since: dict[str, int]
    notice: Notice


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(msgspec.Struct, frozen=True):
    """Whether the service can do its work, and what is wrong if not."""

    status: Literal["ready", "faulty"]
    faults: list[str]


class PolicyCookie(msgspec.Struct, frozen=True, kw_only=True):
    """A cookie of a purpose, as the cookie policy tells it."""

    name: str
    vendor: str
    provider: str
    description: str
    lifetime: str
    lifetime_in_words: str
    type: Storage
    party: Party


class PolicyPurpose(msgspec.Struct, frozen=True, kw_only=True):
    """A purpose with its cookies."""

    id: str
    basis: Basis
    title: str
    description: str
    law: str
    cookies: list[PolicyCookie]


class PolicyVendor(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor, and what for and where it works."""

    id: str
    name: str
    purposes: tuple[str, ...]
    role: str
    country: str | None
    safeguards: str | None
    policy: str | None
    hosts: tuple[str, ...]


class CookiePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The cookie policy in one language."""

    site: str
    version: int
    published_at: datetime
    locale: str
    page: str
    preferences: str
    purposes: list[PolicyPurpose]
    vendors: list[PolicyVendor]


class PolicyVersion(msgspec.Struct, frozen=True):
    """A text that the privacy policy had."""

    version: int
    updated: date
    published_at: datetime


class PrivacyPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The privacy policy in one language, and the versions there are."""

    site: str
    version: int
    updated: date
    published_at: datetime
    locale: str
    page: str
    markdown: str
    html: str
    versions: list[PolicyVersion]
