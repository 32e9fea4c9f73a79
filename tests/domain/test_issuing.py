from datetime import timedelta

import pytest

from consent.domain.issuing import (
    common_token,
    default_token,
    denied_by,
    numbered_token,
)
from consent.domain.vocabulary import Regime
from tests.factories import NOW, choice, make_terms

TERMS = make_terms()
OPT_IN = Regime.OPT_IN


def test_all_who_refuse_on_one_day_hold_the_same_token():
    morning = NOW.replace(hour=0, minute=0, second=1)
    night = NOW.replace(hour=23, minute=59)

    def refusing(at):
        return common_token(TERMS, at, OPT_IN, refused={"analytics"})

    assert refusing(morning) == refusing(night)
    assert refusing(night) != refusing(night + timedelta(minutes=2))


def test_a_common_token_allows_only_what_needs_no_yes():
    assert denied_by(common_token(TERMS, NOW, OPT_IN), TERMS) == {
        "analytics",
        "marketing",
    }


def test_an_objection_is_kept_in_a_common_token():
    token = common_token(TERMS, NOW, OPT_IN, refused={"audience"})

    assert "audience" in denied_by(token, TERMS)


def test_a_term_runs_from_the_oldest_grant_kept():
    given = choice(TERMS, {"analytics": "granted"}).following(None, 1, NOW)
    later = NOW + timedelta(days=100)
    more = choice(TERMS, {"marketing": "granted"}).following(given, 2, later)

    token = numbered_token(more, TERMS)

    assert token.issued == int(later.timestamp())
    assert token.expires == int((NOW + timedelta(days=182)).timestamp())


@pytest.mark.parametrize(
    ("regime", "gpc", "denied"),
    [
        ("opt-in", False, {"analytics", "marketing"}),
        ("opt-out", False, set()),
        ("opt-out", True, {"marketing"}),
        ("inform", False, set()),
        ("inform", True, {"marketing"}),
    ],
)
def test_what_is_handed_out_allows_what_the_regime_does(regime, gpc, denied):
    token = default_token(TERMS, NOW, Regime(regime), gpc=gpc)

    assert denied_by(token, TERMS) == denied
    assert token.is_default


def test_what_is_handed_out_stands_for_two_days_from_midnight():
    token = default_token(TERMS, NOW, Regime.OPT_OUT, gpc=False)

    midnight = NOW.replace(hour=0, minute=0, second=0)
    assert token.issued == int(midnight.timestamp())
    assert token.expires == int((midnight + timedelta(days=2)).timestamp())


def test_an_opt_out_stands_for_a_year():
    token = common_token(TERMS, NOW, Regime.OPT_OUT, refused={"marketing"})

    assert token.expires - token.issued == 365 * 86_400
    assert not token.is_default


@pytest.mark.parametrize("vendor", ["ads", "maps"])
def test_an_exception_is_explicit(vendor):
    record = choice(
        TERMS, {"marketing": "granted"}, vendors={f"marketing:{vendor}": "refused"}
    ).following(None, 1, NOW)

    token = numbered_token(record, TERMS)

    assert [tuple(vars_of(one)) for one in token.exceptions] == [
        (2, TERMS.vendors[vendor], False)
    ]


def vars_of(decision):
    return decision.bit, decision.vendor, decision.granted
