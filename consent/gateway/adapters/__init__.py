"""Adapters: our verdicts where other tools look for them, or no event at all.

Each takes an event as its tool's servers take it, and returns the event to send
instead, or None if it must not be sent. They change nothing that they are given.

    decide = partial(gateway.decide, token)
    verdicts = verdicts_of(decide, ["analytics", "marketing"])
    signals = {"ad_user_data": "marketing", "ad_personalization": "marketing"}
    if body := for_google(event, verdicts, "analytics", signals):
        send(body)
"""

from consent.gateway.adapters.google import for_google
from consent.gateway.adapters.matomo import for_matomo
from consent.gateway.adapters.meta import for_meta
from consent.gateway.adapters.posthog import for_posthog
from consent.gateway.adapters.rudderstack import for_rudderstack
from consent.gateway.adapters.segment import for_segment, segment_preferences
from consent.gateway.adapters.snowplow import for_snowplow, snowplow_preferences
from consent.gateway.adapters.verdicts import Event, Signals, Verdicts, verdicts_of

__all__ = [
    "Event",
    "Signals",
    "Verdicts",
    "for_google",
    "for_matomo",
    "for_meta",
    "for_posthog",
    "for_rudderstack",
    "for_segment",
    "for_snowplow",
    "segment_preferences",
    "snowplow_preferences",
    "verdicts_of",
]
