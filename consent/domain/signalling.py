"""What the banner tells other tools: each signal's purpose, and what comes first."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from consent.domain.declared import Declared
from consent.domain.notices import Notice, Purpose
from consent.domain.signals import GoogleSignals
from consent.domain.vocabulary import Basis

Mapping = dict[str, str | None]
"""The purpose of each signal; what has none is denied."""
Fault = tuple[tuple[str | int, ...], str]

# What a tool's short form stands for: the signal that the purpose drives, the others.
_SHORT = {
    "uet": ("ad_storage",),
    "clarity": ("analytics_storage", "ad_storage"),
    "meta": ("consent",),
    "tiktok": ("consent",),
    "matomo": ("consent",),
    "posthog": ("consent",),
}
_SWITCHES = ("ads_data_redaction", "url_passthrough")
_OPTIONS = {*_SWITCHES, "wait_for_update"}
_WITHOUT_STUB = {"shopify"}
_MAY_BE_EXEMPT = {
    ("google", "functionality_storage"),
    ("google", "security_storage"),
    ("shopify", "preferences"),
    ("wordpress", "functional"),
    ("wordpress", "preferences"),
    ("wordpress", "statistics_anonymous"),
}
_SELLING = {("meta", "limited_data_use"), ("shopify", "sale_of_data")}


def mappings(notice: Notice) -> dict[str, Mapping]:
    """Return the purpose of each signal by the tool's own word, for each tool."""
    told = {tool: _told(tool, mapping) for tool, mapping in _tools(notice)}
    if notice.signals and notice.signals.tag_manager:
        told["tag_manager"] = {purpose.id: purpose.id for purpose in notice.optional}
    return told


def defaults(notice: Notice) -> dict[str, Any]:
    """Return what a stub says, by tool, before the tool's tags and before any answer.

    It denies everything but what is driven by a purpose that nobody decides about.
    """
    told: dict[str, Any] = {
        tool: True for tool, _ in _tools(notice) if tool not in _WITHOUT_STUB
    }
    if "meta" in told:
        told["meta"] = "limited_data_use" in mappings(notice)["meta"]
    if "matomo" in told:
        is_short = "consent" in mappings(notice)["matomo"]
        told["matomo"] = "requireConsent" if is_short else "requireCookieConsent"
    if notice.signals and notice.signals.google:
        told["google"] = _google(notice, notice.signals.google)
    return told


def faults(notice: Notice) -> Iterator[Fault]:
    """Yield each signal that its purpose may not drive."""
    for tool, mapping in _tools(notice):
        is_short = isinstance(getattr(notice.signals, tool), str)
        for signal, purpose_id in mapping.items():
            told = purpose_id and _fault(notice, (tool, signal), purpose_id)
            if told:
                path = ("signals", tool) if is_short else ("signals", tool, signal)
                yield path, told


def _tools(notice: Notice) -> Iterator[tuple[str, Mapping]]:
    """Yield the mapping of each tool as the site file words it, short ones in full."""
    given = structs.asdict(notice.signals) if notice.signals else {}
    for tool, mapped in given.items():
        if isinstance(mapped, str):
            driven, *others = _SHORT[tool]
            yield tool, {driven: mapped} | dict.fromkeys(others)
        elif isinstance(mapped, Declared):
            fields = structs.asdict(mapped)
            yield tool, {k: v for k, v in fields.items() if k not in _OPTIONS}


def _told(tool: str, mapping: Mapping) -> Mapping:
    if tool == "meta":
        return {signal: purpose for signal, purpose in mapping.items() if purpose}
    if tool == "wordpress":
        anonymous = mapping["statistics_anonymous"] or mapping["statistics"]
        mapping = mapping | {"statistics_anonymous": anonymous}
        return {name.replace("_", "-"): purpose for name, purpose in mapping.items()}
    return mapping


def _google(notice: Notice, google: GoogleSignals) -> dict[str, Any]:
    exempt = {p.id for p in notice.purposes if p.basis is Basis.EXEMPT}
    words = {
        signal: "granted" if purpose in exempt else "denied"
        for signal, purpose in mappings(notice)["google"].items()
    }
    return {
        "default": words | {"wait_for_update": google.wait_for_update},
        "set": [name for name in _SWITCHES if getattr(google, name)],
    }


def _fault(notice: Notice, place: tuple[str, str], purpose_id: str) -> str | None:
    """Return what is expected instead of a purpose, or None if it may drive this."""
    purposes: tuple[Purpose, ...] = notice.optional
    wanted = "one of"
    if place in _SELLING:
        purposes = tuple(p for p in purposes if p.sells)
        wanted = "a purpose that sells:"
    elif place in _MAY_BE_EXEMPT:
        purposes = notice.purposes
    elif notice.purpose(purpose_id):
        wanted = "a purpose that visitors decide about:"
    ids = [purpose.id for purpose in purposes]
    if purpose_id in ids:
        return None
    return f"expected {wanted} {', '.join(ids) or 'there is none'}, got {purpose_id!r}"
