"""Google's Measurement Protocol: `consent` of a body, in capitals."""

from typing import Any

from consent.gateway.adapters.verdicts import (
    Event,
    Signals,
    Verdicts,
    allows,
    standing,
)

KINDS = ("ad_user_data", "ad_personalization")


def for_google(
    event: Event, verdicts: Verdicts, purpose: str, signals: Signals
) -> dict[str, Any] | None:
    """Return a Measurement Protocol body that says what Google may do with it.

    It has no word for analytics, so a body waits for the purpose it is sent for. Both
    kinds are always said: what is left out counts as Google last heard it.
    """
    if not allows(verdicts, purpose):
        return None
    stands = standing(signals, verdicts)
    words = {kind: "GRANTED" if stands.get(kind) else "DENIED" for kind in KINDS}
    return {**event, "consent": words}
