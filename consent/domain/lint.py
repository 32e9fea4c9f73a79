"""What no schema can say of a notice: references, languages, names, wording."""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from consent.domain import appearance, signalling
from consent.domain.notices import TERM_DAYS, Notice, Text, Vendor
from consent.domain.regions import is_region
from consent.domain.vocabulary import Regime
from consent.domain.wording.judging import LANGUAGES, findings, unjudged

RESERVED = frozenset(
    {"console", "docs", "healthz", "metrics", "openapi", "readyz", "static", "v1"}
)
"""Site keys that would hide one of our own addresses."""

Fault = tuple[tuple[str | int, ...], str]


def faults(notice: Notice) -> Iterator[Fault]:
    """Yield each fault as the path of a field and what is expected there."""
    if notice.site in RESERVED:
        yield ("site",), f"expected another key: {notice.site!r} is reserved"
    yield from _regimes(notice)
    yield from _twice(("purposes",), (p.id for p in notice.purposes))
    yield from _twice(("vendors",), (v.id for v in notice.vendors))
    yield from _twice(("locales",), notice.locales)
    if not notice.optional:
        yield ("purposes",), "expected a purpose that a visitor decides about"
    for path, address in _addresses(notice):
        if not _hostname(address):
            yield path, f"expected a web address, got {address!r}"
    for path, text in _texts(notice):
        yield from _languages(path, text, notice.locales)
    for index, vendor in enumerate(notice.vendors):
        yield from _references(("vendors", index), vendor, notice)
    yield from _cookie_domain(notice)
    yield from signalling.faults(notice)
    yield from _appearance(notice)
    yield from (
        (found.path, found.told) for found in findings(notice) if found.rule.is_fault
    )


def warnings(notice: Notice) -> Iterator[Fault]:
    """Yield what an operator should look at again, but may publish."""
    for found in findings(notice):
        if not found.rule.is_fault:
            yield found.path, found.told
    unknown = unjudged(notice)
    if unknown:
        known, names = ", ".join(LANGUAGES), ", ".join(unknown)
        yield ("locales",), f"wording is judged in {known}; let a person read {names}"


def _regimes(notice: Notice) -> Iterator[Fault]:
    if (notice.regime is None) is (notice.regimes is None):
        yield ("regime",), "expected a regime here, or one for each region in regimes"
    for name in notice.regimes or ():
        if not is_region(name):
            expected = "expected ISO 3166 (US, US-CA), EU, EEA or *"
            yield ("regimes", name), f"{expected}, got {name!r}"
    shortest = TERM_DAYS[Regime.OPT_OUT]
    if Regime.OPT_OUT in notice.in_use and (notice.term_days or shortest) < shortest:
        law = (
            "nobody who opted out is asked again before (Cal. Civ. Code 1798.135(c)(4))"
        )
        yield ("term_days",), f"expected at least {shortest} under opt-out: {law}"


def _appearance(notice: Notice) -> Iterator[Fault]:
    for path, expected in appearance.faults(notice.looks):
        yield ("appearance", *path), expected


def _addresses(notice: Notice) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, origin in enumerate(notice.origins):
        yield ("origins", index), origin
    for index, vendor in enumerate(notice.vendors):
        if vendor.policy:
            yield ("vendors", index, "policy"), vendor.policy
    if notice.privacy_policy:
        yield ("privacy_policy",), notice.privacy_policy


def _hostname(address: str) -> str:
    """Return the host of a web address; empty if it has none that could be visited."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "" if parts.port != 0 else ""
    except ValueError:
        return ""


def _twice(path: tuple[str, ...], ids: Iterable[str]) -> Iterator[Fault]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield path, f"expected each id once, got {name!r} {count} times"


def _texts(notice: Notice) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    for index, purpose in enumerate(notice.purposes):
        for name in ("title", "description", "law"):
            yield ("purposes", index, name), getattr(purpose, name)
    yield from _vendor_texts(notice)
    if notice.texts:
        yield ("texts", "heading"), notice.texts.heading
        yield ("texts", "intro"), notice.texts.intro
    if notice.age_statement:
        yield ("age_statement",), notice.age_statement
    if notice.policy:
        yield ("policy", "text"), notice.policy.text


def _vendor_texts(notice: Notice) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    for index, vendor in enumerate(notice.vendors):
        yield ("vendors", index, "role"), vendor.role
        if vendor.safeguards:
            yield ("vendors", index, "safeguards"), vendor.safeguards
        for number, cookie in enumerate(vendor.cookies):
            path = ("vendors", index, "cookies", number, "description")
            yield path, cookie.description


def _languages(
    path: tuple[str | int, ...], text: Text, locales: Iterable[str]
) -> Iterator[Fault]:
    missing = [locale for locale in locales if locale not in text]
    if missing:
        yield path, f"expected a text in {', '.join(missing)} as well"
    unknown = [locale for locale in text if locale not in locales]
    if unknown:
        yield path, f"expected only the site's locales, got {', '.join(unknown)}"


def _references(
    path: tuple[str | int, ...], vendor: Vendor, notice: Notice
) -> Iterator[Fault]:
    known = {purpose.id for purpose in notice.purposes}
    for index, purpose_id in enumerate(vendor.purposes):
        if purpose_id not in known:
            expected = ", ".join(sorted(known))
            yield (
                (*path, "purposes", index),
                f"expected one of {expected}, got {purpose_id!r}",
            )
    for index, cookie in enumerate(vendor.cookies):
        if cookie.purpose not in vendor.purposes:
            expected = ", ".join(vendor.purposes)
            yield (
                (*path, "cookies", index, "purpose"),
                f"expected one of its vendor's: {expected}, got {cookie.purpose!r}",
            )


def _cookie_domain(notice: Notice) -> Iterator[Fault]:
    """A cookie domain covers every origin, and no host of a vendor."""
    domain = notice.cookie_domain
    if domain is None:
        return
    for origin in notice.origins:
        if not _covers(domain, _hostname(origin)):
            yield ("cookie_domain",), f"expected a domain that covers {origin}"
    for vendor in notice.vendors:
        for host in vendor.hosts:
            if _covers(domain, host):
                yield ("cookie_domain",), f"expected not to cover {vendor.id}'s {host}"


def _covers(domain: str, host: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
