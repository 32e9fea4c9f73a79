from datetime import timedelta

import pytest

from consent.domain.issuing import common_token, denied_by, numbered_token
from tests.factories import NOW, choice, make_terms

TERMS = make_terms()


def test_all_who_refuse_on_one_day_hold_the_same_token():
    morning = NOW.replace(hour=0, minute=0, second=1)
    night = NOW.replace(hour=23, minute=59)

    tokens = {common_token(TERMS, at, refused={"analytics"}) for at in (morning, night)}

    assert len(tokens) == 1
    assert tokens != {common_token(TERMS, night + timedelta(minutes=2))}


def test_a_common_token_allows_only_what_needs_no_yes():
    assert denied_by(common_token(TERMS, NOW), TERMS) == {"analytics", "marketing"}


def test_an_objection_is_kept_in_a_common_token():
    token = common_token(TERMS, NOW, refused={"audience"})

    assert "audience" in denied_by(token, TERMS)


def test_a_term_runs_from_the_oldest_grant_kept():
    given = choice(TERMS, {"analytics": "granted"}).following(None, 1, NOW)
    later = NOW + timedelta(days=100)
    more = choice(TERMS, {"marketing": "granted"}).following(given, 2, later)

    token = numbered_token(more, TERMS)

    assert token.issued == int(later.timestamp())
    assert token.expires == int((NOW + timedelta(days=182)).timestamp())


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
