"""Which purpose drives which signal of which tool, as a site file says it."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from consent.domain.declared import Declared, Key

# Google ignores less than 100 milliseconds, and tags should not wait for ever.
Wait = Annotated[int, Meta(ge=100, le=10_000)]


class GoogleSignals(Declared, frozen=True):
    """Google Consent Mode v2."""

    ad_storage: Key | None = None
    ad_user_data: Key | None = None
    ad_personalization: Key | None = None
    analytics_storage: Key | None = None
    functionality_storage: Key | None = None
    personalization_storage: Key | None = None
    security_storage: Key | None = None
    wait_for_update: Wait = 500
    ads_data_redaction: bool = False
    url_passthrough: bool = False


class ClaritySignals(Declared, frozen=True):
    """Microsoft Clarity, consent v2."""

    ad_storage: Key | None = None
    analytics_storage: Key | None = None


class MetaSignals(Declared, frozen=True):
    """The Meta pixel; its use is limited while what sells is not allowed."""

    consent: Key
    limited_data_use: Key | None = None


class MatomoSignals(Declared, frozen=True):
    """Matomo that counts without cookies until a purpose is allowed."""

    cookies: Key


class ShopifySignals(Declared, frozen=True):
    """Shopify's customer privacy."""

    analytics: Key | None = None
    marketing: Key | None = None
    preferences: Key | None = None
    sale_of_data: Key | None = None


class WordPressSignals(Declared, frozen=True):
    """The WordPress Consent API; anonymous statistics go with the others."""

    functional: Key | None = None
    preferences: Key | None = None
    statistics_anonymous: Key | None = None
    statistics: Key | None = None
    marketing: Key | None = None


class Signals(Declared, frozen=True):
    """The tools that are told; one purpose alone drives what a tool is mainly for."""

    google: GoogleSignals | None = None
    uet: Key | None = None
    clarity: Key | ClaritySignals | None = None
    meta: Key | MetaSignals | None = None
    tiktok: Key | None = None
    shopify: ShopifySignals | None = None
    wordpress: WordPressSignals | None = None
    tag_manager: bool = False
    # Left out of the bytes of notices that have none, as those of before did.
    matomo: Key | MatomoSignals | UnsetType = UNSET
    posthog: Key | UnsetType = UNSET
