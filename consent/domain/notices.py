"""The notice: what a site does with cookies and data, as one immutable value."""

import hashlib
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from consent.domain import regions
from consent.domain.appearance import Appearance
from consent.domain.declared import Declared, Key, matching
from consent.domain.signals import Signals
from consent.domain.vocabulary import Basis, Regime

Origin = Annotated[str, matching(r"https?://[^/\s?#@*]+")]
Locale = Annotated[str, matching(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")]
Words = Annotated[str, Meta(min_length=1, max_length=4000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Mail = Annotated[str, matching(r"[^@\s]+@[^@\s]+")]
Country = Annotated[str, matching(r"[A-Z]{2}")]
CookieName = Annotated[str, matching(r"[^\s;=,]+", max_length=200)]
WebAddress = Annotated[str, matching(r"https?://\S+")]
Host = Annotated[str, matching(r"[a-z0-9.-]+\.[a-z0-9-]+")]
Lifetime = Annotated[
    str, matching(r"(session|persistent|[1-9][0-9]* (minute|hour|day|month|year)s?)")
]
Region = Annotated[str, matching(r"(\*|[A-Z]{2}(-[A-Z0-9]{1,3})?|EEA)")]
Text = dict[Locale, Words]
Prose = Annotated[str, Meta(min_length=1, max_length=100_000)]


MOST_TERM_DAYS = 396
"""13 months: the CNIL's bound on how long an answer may stand."""
TERM_DAYS = {Regime.OPT_IN: 182, Regime.OPT_OUT: 365, Regime.INFORM: 365}
"""6 months (CNIL) and the 12 that nobody may be asked again in (CPRA), by default."""


class Storage(StrEnum):
    """Where a declared cookie really lives."""

    COOKIE = "cookie"
    LOCAL_STORAGE = "local_storage"
    SESSION_STORAGE = "session_storage"


class Party(StrEnum):
    """Whose the cookie is, seen from the site."""

    FIRST = "first"
    THIRD = "third"


class Blocking(StrEnum):
    """What the banner does about tags of listed hosts that are not marked up."""

    HOLD = "hold"
    REPORT = "report"


class Controller(Declared, frozen=True):
    """The organisation responsible (GDPR Art. 4(7))."""

    name: Name
    contact: Mail


class Purpose(Declared, frozen=True):
    """What processing is for, and what makes it lawful."""

    id: Key
    basis: Basis
    title: Text
    description: Text
    law: Text
    sells: bool = False
    edition: Annotated[int, Meta(ge=1)] = 1


class Cookie(Declared, frozen=True):
    """A cookie declaration; `*` in the name stands for anything."""

    name: CookieName
    purpose: Key
    lifetime: Lifetime
    description: Text
    type: Storage = Storage.COOKIE
    party: Party = Party.FIRST


class Vendor(Declared, frozen=True):
    """A third party or tool acting for purposes."""

    id: Key
    name: Name
    purposes: Annotated[tuple[Key, ...], Meta(min_length=1)]
    role: Text
    country: Country | None = None
    safeguards: Text | None = None
    policy: WebAddress | None = None
    hosts: tuple[Host, ...] = ()
    cookies: tuple[Cookie, ...] = ()


class BannerTexts(Declared, frozen=True):
    """The site's own words for the banner, instead of the standard ones."""

    heading: Text
    intro: Text


class Policy(Declared, frozen=True):
    """The privacy policy as Markdown, and the day that it tells its readers."""

    updated: date
    text: dict[Locale, Prose]


class Notice(Declared, frozen=True, kw_only=True):
    """Everything a site file says.

    What is UNSET rather than None is left out of its bytes: notices from before
    there was such a field have none.
    """

    site: Key
    controller: Controller
    origins: Annotated[tuple[Origin, ...], Meta(min_length=1)]
    locales: Annotated[tuple[Locale, ...], Meta(min_length=1)]
    regime: Regime | None = None
    regimes: Annotated[dict[Region, Regime], Meta(min_length=1)] | None = None
    purposes: Annotated[tuple[Purpose, ...], Meta(min_length=1, max_length=32)]
    vendors: Annotated[tuple[Vendor, ...], Meta(max_length=500)] = ()
    texts: BannerTexts | None = None
    appearance: Appearance | None = None
    privacy_policy: WebAddress | None = None
    term_days: Annotated[int, Meta(ge=1, le=MOST_TERM_DAYS)] | None = None
    proof_days: Annotated[int, Meta(ge=0, le=7305)] = 1096
    cookie_domain: Host | None = None
    accounts: bool | msgspec.UnsetType = msgspec.UNSET
    embeds: bool = False
    blocking: Blocking | None = None
    reload_on_withdrawal: bool = False
    carry_between_origins: bool | msgspec.UnsetType = msgspec.UNSET
    signals: Signals | None = None
    age_statement: Text | msgspec.UnsetType = msgspec.UNSET
    never_ask: bool | msgspec.UnsetType = msgspec.UNSET
    policy: Policy | msgspec.UnsetType = msgspec.UNSET

    def purpose(self, purpose_id: str) -> Purpose | None:
        """Return the purpose with this id, if the notice has it."""
        return next((p for p in self.purposes if p.id == purpose_id), None)

    def vendors_of(self, purpose_id: str) -> Iterator[Vendor]:
        """Yield the vendors that act for a purpose, in the notice's order."""
        return (vendor for vendor in self.vendors if purpose_id in vendor.purposes)

    @property
    def by_region(self) -> dict[str, Regime]:
        """The regime of each region; one alone holds everywhere."""
        if self.regimes:
            return self.regimes
        return {regions.ELSEWHERE: self.regime or Regime.OPT_IN}

    @property
    def in_use(self) -> tuple[Regime, ...]:
        """The regimes that visitors may meet, strictest first."""
        found = set(self.by_region.values())
        return tuple(regime for regime in Regime if regime in found)

    def term_days_under(self, regime: Regime) -> int:
        """Return how many days an answer stands under a regime."""
        return self.term_days or TERM_DAYS[regime]

    @property
    def looks(self) -> Appearance:
        """The banner's appearance, said or not."""
        return self.appearance or Appearance()

    @property
    def optional(self) -> tuple[Purpose, ...]:
        """The purposes a visitor decides about."""
        return tuple(p for p in self.purposes if p.basis is not Basis.EXEMPT)

    @property
    def offered(self) -> tuple[Purpose, ...]:
        """The purposes that can run at all: who asks nobody offers what is exempt."""
        if not self.never_ask:
            return self.purposes
        return tuple(p for p in self.purposes if p.basis is Basis.EXEMPT)


def encode(notice: Notice) -> bytes:
    """Return the exact bytes of a notice, the same for equal notices."""
    return msgspec.json.encode(notice, order="deterministic")


def digest(notice: Notice) -> str:
    """Return the SHA-256 of a notice's bytes, as hex."""
    return hashlib.sha256(encode(notice)).hexdigest()
