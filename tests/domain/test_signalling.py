"""Which purpose drives which signal, and what is said before anybody answered."""

import json

import pytest

from consent.domain.notices import encode
from consent.domain.signalling import defaults, faults, mappings
from tests.factories import make_notice

SEVEN = (
    "ad_storage",
    "ad_user_data",
    "ad_personalization",
    "analytics_storage",
    "functionality_storage",
    "personalization_storage",
    "security_storage",
)


def mapped(**signals):
    return mappings(make_notice(signals=signals))


def told(**signals):
    return [
        (".".join(path), expected)
        for path, expected in faults(make_notice(signals=signals))
    ]


def test_all_seven_of_googles_signals_are_named_mapped_or_not():
    found = mapped(google={"ad_storage": "marketing"})["google"]

    assert found == dict.fromkeys(SEVEN) | {"ad_storage": "marketing"}


def test_googles_default_denies_all_but_what_nobody_decides_about():
    notice = make_notice(
        signals={"google": {"ad_storage": "marketing", "security_storage": "necessary"}}
    )

    (default,) = defaults(notice).values()

    denied = dict.fromkeys(SEVEN, "denied")
    words = denied | {"security_storage": "granted", "wait_for_update": 500}
    assert default == {"default": words, "set": []}


def test_googles_switches_are_set_where_they_are_asked_for():
    google = {"url_passthrough": True, "wait_for_update": 100}

    default = defaults(make_notice(signals={"google": google}))["google"]

    assert default["set"] == ["url_passthrough"]
    assert default["default"]["wait_for_update"] == 100


@pytest.mark.parametrize(
    ("tool", "signals"),
    [
        ("uet", {"ad_storage": "analytics"}),
        ("clarity", {"analytics_storage": "analytics", "ad_storage": None}),
        ("meta", {"consent": "analytics"}),
        ("tiktok", {"consent": "analytics"}),
        ("matomo", {"consent": "analytics"}),
        ("posthog", {"consent": "analytics"}),
    ],
)
def test_one_purpose_alone_drives_what_the_tool_is_mainly_for(tool, signals):
    assert mapped(**{tool: "analytics"}) == {tool: signals}


@pytest.mark.parametrize(
    ("matomo", "required"),
    [
        ("analytics", "requireConsent"),
        ({"cookies": "analytics"}, "requireCookieConsent"),
    ],
)
def test_matomo_waits_with_everything_or_with_its_cookies(matomo, required):
    assert defaults(make_notice(signals={"matomo": matomo})) == {"matomo": required}


def test_anonymous_statistics_of_wordpress_go_with_the_others_unless_mapped():
    found = mapped(wordpress={"statistics": "analytics"})["wordpress"]
    own = mapped(wordpress={"statistics_anonymous": "necessary"})["wordpress"]

    assert found == {
        "functional": None,
        "preferences": None,
        "statistics-anonymous": "analytics",
        "statistics": "analytics",
        "marketing": None,
    }
    assert own["statistics-anonymous"] == "necessary"


def test_shopify_is_told_each_of_its_four():
    assert mapped(shopify={"analytics": "analytics"})["shopify"] == {
        "analytics": "analytics",
        "marketing": None,
        "preferences": None,
        "sale_of_data": None,
    }


def test_a_site_without_signals_has_none():
    assert mappings(make_notice()) == defaults(make_notice()) == {}
    assert mapped(tag_manager=False) == {}


def test_signals_keep_the_bytes_that_they_had_before_tools_were_added():
    encoded = json.loads(encode(make_notice(signals={"uet": "marketing"})))

    assert encoded["signals"].keys().isdisjoint({"matomo", "posthog"})


def test_what_keeps_an_answer_has_no_default():
    signals = {"shopify": {"analytics": "analytics"}, "tag_manager": True}

    assert defaults(make_notice(signals=signals)) == {}


@pytest.mark.parametrize(
    ("signals", "where", "expected"),
    [
        (
            {"google": {"ad_storage": "telepathy"}},
            "signals.google.ad_storage",
            "expected one of analytics, marketing, audience, got 'telepathy'",
        ),
        (
            {"google": {"analytics_storage": "necessary"}},
            "signals.google.analytics_storage",
            "expected a purpose that visitors decide about: "
            "analytics, marketing, audience, got 'necessary'",
        ),
        (
            {"google": {"security_storage": "telepathy"}},
            "signals.google.security_storage",
            "expected one of necessary, analytics, marketing, audience, "
            "got 'telepathy'",
        ),
        (
            {"uet": "necessary"},
            "signals.uet",
            "expected a purpose that visitors decide about: "
            "analytics, marketing, audience, got 'necessary'",
        ),
        (
            {"matomo": {"cookies": "telepathy"}},
            "signals.matomo.cookies",
            "expected one of analytics, marketing, audience, got 'telepathy'",
        ),
        (
            {"shopify": {"sale_of_data": "analytics"}},
            "signals.shopify.sale_of_data",
            "expected a purpose that sells: marketing, got 'analytics'",
        ),
        (
            {"meta": {"consent": "marketing", "limited_data_use": "audience"}},
            "signals.meta.limited_data_use",
            "expected a purpose that sells: marketing, got 'audience'",
        ),
    ],
)
def test_a_purpose_that_may_not_drive_a_signal_is_refused(signals, where, expected):
    assert told(**signals) == [(where, expected)]


def test_what_nobody_decides_about_may_drive_what_needs_no_decision():
    wordpress = {"functional": "necessary", "statistics_anonymous": "necessary"}
    google = {"security_storage": "necessary", "functionality_storage": "necessary"}

    assert told(wordpress=wordpress, google=google) == []
