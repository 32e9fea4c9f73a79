"""RudderStack: `context.consentManagement` of each event."""

from typing import Any

from consent.gateway.adapters.verdicts import (
    Event,
    Signals,
    Verdicts,
    allows,
    standing,
    with_context,
)


def for_rudderstack(
    event: Event, verdicts: Verdicts, purpose: str, signals: Signals
) -> dict[str, Any] | None:
    """Return an event that lists each consent id as allowed or denied.

    Only the denied ones are filtered by, so `signals` has to name every id that any
    destination is set up with; without a single one nothing is sent.
    """
    if not signals or not allows(verdicts, purpose):
        return None
    stands = standing(signals, verdicts)
    told = {
        "provider": "custom",
        "resolutionStrategy": "and",
        "allowedConsentIds": [one for one, is_on in stands.items() if is_on],
        "deniedConsentIds": [one for one, is_on in stands.items() if not is_on],
    }
    return with_context(event, consentManagement=told)
