"""Snowplow: an entity with each event, and an event for each answer."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from consent.domain.checks import Verdict
from consent.domain.vocabulary import Reason
from consent.gateway.adapters.verdicts import (
    Event,
    Signals,
    Verdicts,
    allows,
    standing,
)

SCHEMAS = "iglu:com.snowplowanalytics.snowplow"
CONTEXTS = f"{SCHEMAS}/contexts/jsonschema/1-0-1"
GDPR = f"{SCHEMAS}/gdpr/jsonschema/1-0-0"
PREFERENCES = f"{SCHEMAS}/consent_preferences/jsonschema/1-0-0"

# An answer by its verdicts, the first that applies: any of them is enough.
_DENIALS = {
    Reason.WITHDRAWN: "withdrawn",
    Reason.EXPIRED: "expired",
    Reason.MISSING: "pending",
}
_IMPLICIT = {Reason.DEFAULT, Reason.UNCONTESTED}
_SAID = {Reason.GRANTED, Reason.REFUSED, Reason.OBJECTED, *_IMPLICIT, *_DENIALS}


def for_snowplow(
    event: Event, verdicts: Verdicts, purpose: str
) -> dict[str, Any] | None:
    """Return an event of the tracker protocol with the basis that it is sent on.

    No field stops an event on its way, so it waits for its purpose. The entity joins
    the others in `co`; one that the event brought along is not believed.
    """
    if not allows(verdicts, purpose):
        return None
    is_granted = verdicts[purpose].reason is Reason.GRANTED
    basis = "consent" if is_granted else "legitimate_interests"
    entity = {"schema": GDPR, "data": {"basisForProcessing": basis}}
    entities = [one for one in _entities(event) if one.get("schema") != GDPR]
    contexts = {"schema": CONTEXTS, "data": [*entities, entity]}
    kept = {name: value for name, value in event.items() if name != "cx"}
    return {**kept, "co": msgspec.json.encode(contexts).decode()}


def snowplow_preferences(
    verdicts: Verdicts,
    signals: Signals,
    *,
    notice: int,
    url: str,
    domains: Sequence[str],
) -> dict[str, Any] | None:
    """Return the self-describing event that tells an answer to Snowplow.

    `signals` names the purpose of each consent scope. None where the verdicts do not
    tell what somebody said, as while a gateway does not know.
    """
    named = [one for one in signals.values() if one]
    asked = [verdicts[one] for one in named if one in verdicts]
    if len(asked) < len(named):
        return None
    event_type = _event_type([v for v in asked if v.reason is not Reason.NECESSARY])
    if event_type is None:
        return None
    stands = standing(signals, verdicts)
    data = {
        "eventType": event_type,
        "basisForProcessing": "consent",
        "consentUrl": url,
        # The notice's number: its hash is longer than the 16 characters there are.
        "consentVersion": str(notice),
        "consentScopes": [s for s, is_on in stands.items() if is_on] or ["necessary"],
        "domainsApplied": list(domains),
    }
    return {"schema": PREFERENCES, "data": data}


def _event_type(verdicts: Sequence[Verdict]) -> str | None:
    reasons = {verdict.reason for verdict in verdicts}
    if not reasons or not reasons <= _SAID:
        return None
    if any(verdict.allowed for verdict in verdicts):
        if reasons <= _IMPLICIT:
            return "implicit_consent"
        return "allow_all" if all(v.allowed for v in verdicts) else "allow_selected"
    return next((_DENIALS[r] for r in _DENIALS if r in reasons), "deny_all")


def _entities(event: Event) -> Iterator[dict[str, Any]]:
    """Yield the entities of an event, written in either way; damaged ones are lost."""
    for name, read in (("co", str), ("cx", _decoded)):
        try:
            found = msgspec.json.decode(read(event[name]))["data"]
            yield from (one for one in found if isinstance(one, dict))
        except (KeyError, TypeError, ValueError, RecursionError):
            continue


def _decoded(text: str) -> str:
    padding = "=" * (-len(text) % 4)
    return urlsafe_b64decode(text + padding).decode()
