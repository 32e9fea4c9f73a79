"""Segment: `context.consent.categoryPreferences` of each event."""

from typing import Any

from consent.gateway.adapters.verdicts import (
    Event,
    Signals,
    Verdicts,
    allows,
    standing,
    with_context,
)

UPDATED = "Segment Consent Preference Updated"


def for_segment(
    event: Event, verdicts: Verdicts, purpose: str, signals: Signals
) -> dict[str, Any] | None:
    """Return an event that names each of Segment's categories as allowed or not.

    Without the object an event flows everywhere, so none is sent without a category.
    """
    if not signals or not allows(verdicts, purpose):
        return None
    return with_context(event, consent=_consent(verdicts, signals))


def segment_preferences(
    event: Event, verdicts: Verdicts, signals: Signals
) -> dict[str, Any] | None:
    """Return the track event by which Segment hears of a changed answer, a no too.

    `event` names the user; of what else it says nothing but the answer is sent on.
    """
    if not signals:
        return None
    who = {name: event[name] for name in ("userId", "anonymousId") if name in event}
    context = {"consent": _consent(verdicts, signals)}
    return {**who, "type": "track", "event": UPDATED, "context": context}


def _consent(verdicts: Verdicts, signals: Signals) -> dict[str, Any]:
    return {"categoryPreferences": standing(signals, verdicts)}
