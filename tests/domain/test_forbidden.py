import pytest

from consent.domain import forbidden

PLANET49 = "C-673/17 Planet49"
SCROLLING = "05/2020, para. 86"
WALL = "Art. 7(4)"
HIERARCHY = "4.5.1 Lacking hierarchy"


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        *((name, PLANET49) for name in ("default", "preticked", "pre_ticked")),
        *((name, PLANET49) for name in ("pre-checked", "checked", "enabled", "true")),
        *((name, PLANET49) for name in ("defaultOn", "default_value", "granted")),
        *((name, SCROLLING) for name in ("accept_on_scroll", "implied_consent")),
        *((name, SCROLLING) for name in ("autoAccept", "highPrivacy")),
        *((name, SCROLLING) for name in ("dismissOnTimeout", "consent_on_close")),
        *((name, WALL) for name in ("mustConsent", "cookie_wall", "required")),
        *((name, HIERARCHY) for name in ("hideDeclineAll", "reject", "accept_color")),
        *((name, HIERARCHY) for name in ("reject_size", "denyAllCta", "show_refuse")),
        *((name, HIERARCHY) for name in ("equalWeightButtons", "highlight_accept")),
        *((name, HIERARCHY) for name in ("buttons", "primary_button")),
    ],
)
def test_a_field_that_would_deceive_is_told_with_who_forbids_it(name, reference):
    ((path, expected),) = forbidden.faults(("purposes", 1, name), value=True)

    assert path == ("purposes", 1, name)
    assert expected.startswith("expected no such field: ")
    assert reference in expected


@pytest.mark.parametrize(
    "name", ["colour", "logo", "layout", "notes", "Default text", "agreement", "", 7]
)
def test_any_other_field_is_only_unknown(name):
    assert [*forbidden.faults(("vendors", name), {"x": [1]})] == []


def test_it_is_found_below_a_field_that_nobody_knows():
    value = {"modal": [{"reject": {"hidden": True}}, {"title": "x", "default": "on"}]}

    found = [path for path, _ in forbidden.faults(("appearance",), value)]

    assert found == [
        ("appearance", "modal", 0, "reject"),
        ("appearance", "modal", 1, "default"),
    ]
