import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous.encoding import base64_decode
from nacl.signing import VerifyKey

from consent.domain.checks import check
from consent.domain.deciding import decide_all
from consent.domain.state import Change, SiteState
from consent.domain.terms import PurposeTerms, Terms
from consent.domain.vocabulary import Basis, Reason, Regime, Status
from tests.vectors import checks as vectors

WRITTEN = json.loads(vectors.FILE.read_text("utf-8"))


def state_of(told):
    """Return the site state that the vectors tell of."""
    state = SiteState(told["site"], told["max_stale_seconds"])
    for number, status in enumerate(told["statuses"]):
        state.apply(Change(number=number, status=Status(status)))
    state.as_of = told["as_of"]
    state.suspended = frozenset(told["suspended"])
    state.in_force = told["notice"] and terms_of(told["site"], told["notice"])
    state.trust({kid: VerifyKey(base64_decode(x)) for kid, x in told["keys"].items()})
    return state


def terms_of(site, notice):
    purposes = {
        name: PurposeTerms(
            name,
            purpose["bit"],
            purpose["since"],
            Basis(purpose["basis"]),
            purpose["sells"],
            frozenset(purpose["vendors"]),
        )
        for name, purpose in notice["purposes"].items()
    }
    regimes, vendors = {"*": Regime(notice["regime"])}, notice["vendors"]
    return Terms(site, notice["version"], regimes, {}, ("en",), purposes, vendors)


STATES = {name: state_of(told) for name, told in WRITTEN["states"].items()}


def test_the_file_is_what_the_table_gives():
    """`python -m tests.vectors.checks` was run after the table changed."""
    assert json.loads(json.dumps(vectors.document())) == WRITTEN


def test_every_reason_has_a_vector():
    assert {case["reason"] for case in WRITTEN["cases"]} == {*Reason}


@pytest.mark.parametrize("case", WRITTEN["cases"], ids=lambda case: case["name"])
def test_the_rule_gives_the_verdict_of_the_vector(case):
    asked = case["purpose"], case["now"], case["vendor"], case["gpc"]

    verdict = decide_all(STATES[case["state"]], case["tokens"], *asked)

    assert verdict == (case["allowed"], case["reason"])


@given(
    token=st.text() | st.none(),
    purpose=st.sampled_from([*vectors.PURPOSES]) | st.text(),
    vendor=st.none() | st.sampled_from(["ads", "matomo"]) | st.text(),
    gpc=st.booleans(),
)
def test_nothing_unsigned_is_ever_allowed_what_needs_consent(
    token, purpose, vendor, gpc
):
    verdict = check(STATES["usual"], token, purpose, vectors.NOW, vendor, gpc)

    assert not verdict.allowed or purpose in {"necessary", "audience"}


@given(place=st.integers(0, 200), character=st.characters(codec="ascii"))
def test_no_single_altered_character_survives(place, character):
    text = vectors.GRANTED
    place %= len(text)
    altered = text[:place] + character + text[place + 1 :]

    verdict = check(STATES["usual"], altered, "analytics", vectors.NOW)

    assert verdict.allowed is (altered == text)
