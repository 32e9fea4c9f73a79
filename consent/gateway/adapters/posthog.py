"""PostHog: its servers check nothing, and have no field for a no."""

from typing import Any

from consent.gateway.adapters.verdicts import Event, Verdicts, allows


def for_posthog(
    event: Event, verdicts: Verdicts, purpose: str
) -> dict[str, Any] | None:
    """Return an event as it is, or None: also if it was captured without cookies.

    Browsers in the `cookieless_mode` `on_reject` send those after a refusal.
    """
    return dict(event) if allows(verdicts, purpose) else None
