"""What is remembered is always what would be decided anew."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from consent.domain import deciding
from consent.domain.checks import check
from consent.domain.deciding import decide, decide_all
from consent.domain.entries import Suspension
from consent.domain.issuing import common_token, numbered_token
from consent.domain.state import Change, SiteState, change_of
from consent.domain.tokens import TokenSigner
from consent.domain.vocabulary import Reason, Regime, Status
from tests.factories import NOW, SITE, choice, make_publication, make_terms

TERMS = make_terms()
FIRST, SECOND = (TokenSigner(SigningKey(bytes([n]) * 32)) for n in (1, 2))
KEYS = {signer.kid: signer.public for signer in (FIRST, SECOND)}
GRANT = {"analytics": "granted", "marketing": "granted"}
RECORDS = [
    choice(TERMS, made).following(None, number, NOW)
    for number, made in enumerate([GRANT, {"analytics": "refused"}, GRANT], 1)
]
DEFAULT = common_token(TERMS, NOW, Regime.OPT_OUT, refused={"marketing"}, gpc=False)
TOKENS = [
    signer.sign(token)
    for signer in (FIRST, SECOND)
    for token in (*(numbered_token(one, TERMS) for one in RECORDS), DEFAULT)
]
START = NOW.timestamp()


@pytest.fixture
def state():
    return followed(records=3)


def followed(records):
    """Return a state that has a notice and its first records, fresh at START."""
    found = SiteState(SITE)
    found.apply(change_of(0, make_publication()))
    for record in RECORDS[:records]:
        found.apply(change_of(record.number, record))
    found.trust(KEYS)
    found.as_of = START
    return found


def stop(state, lifted, purpose, vendor):
    """Suspend a purpose or a vendor, or lift that."""
    target = {"purpose": purpose} if vendor is None else {"vendor": vendor}
    suspension = Suspension(
        site=SITE, number=state.size, at=NOW, lifted=lifted, **target
    )
    state.apply(change_of(state.size, suspension))


def set_status(state, number, status):
    """Let the next entry say what becomes of an earlier one."""
    new = Change(
        number=state.size,
        status=Status.WITHDRAWN,
        previous=min(number, state.size - 1),
        previous_status=status,
    )
    state.apply(new)


def publish(state, since):
    """Put terms into force that began with a version, for each purpose."""
    version = state.in_force.version + 1
    purposes = {
        name: replace(purpose, since=min(since, version))
        for name, purpose in TERMS.purposes.items()
    }
    terms = replace(TERMS, version=version, purposes=purposes)
    state.apply(Change(number=state.size, status=Status.WITHDRAWN, terms=terms))


def purge(state, below):
    """Purge what is below a number."""
    below = min(below, state.size)
    state.apply(Change(number=state.size, status=Status.WITHDRAWN, purged_below=below))


def follow_next(state):
    """Take in the next record that the tokens are about, if it comes next."""
    if 0 < state.size <= len(RECORDS):
        record = RECORDS[state.size - 1]
        state.apply(change_of(record.number, record))


def freshen(state, as_of):
    """Know the ledger up to a moment."""
    state.as_of = as_of


EVENTS = st.one_of(
    st.tuples(st.just(set_status), st.integers(1, 3), st.sampled_from(Status)),
    st.tuples(
        st.just(stop),
        st.booleans(),
        st.sampled_from(["analytics", "marketing"]),
        st.sampled_from([None, "matomo"]),
    ),
    st.tuples(st.just(publish), st.integers(1, 3)),
    st.tuples(st.just(purge), st.integers(0, 4)),
    st.tuples(st.just(follow_next)),
    st.tuples(
        st.just(SiteState.trust),
        st.sampled_from([KEYS, {}, {FIRST.kid: FIRST.public}]),
    ),
    st.tuples(
        st.just(freshen), st.sampled_from([0.0, START, START + 30, START + 10**9])
    ),
)
MOMENTS = st.sampled_from([START, START + 59, START + 61, START + 10**9])
ASKED = [
    (purpose, vendor, gpc)
    for purpose in ("analytics", "marketing", "necessary", "nothing")
    for vendor in (None, "matomo", "ads")
    for gpc in (False, True)
]


@given(
    records=st.integers(0, 3),
    events=st.lists(st.tuples(EVENTS, MOMENTS), max_size=8),
)
def test_whatever_happens_what_is_remembered_is_what_the_rule_says(records, events):
    state = followed(records)
    for (event, *told), now in [((freshen, START), START), *events]:
        event(state, *told)
        for token in TOKENS:
            for purpose, vendor, gpc in ASKED:
                asked = state, token, purpose, now, vendor, gpc
                assert decide(*asked) == decide(*asked) == check(*asked)


def test_a_token_that_was_seen_is_not_read_again(state, monkeypatch):
    first = decide(state, TOKENS[0], "analytics", START)

    monkeypatch.setattr(deciding, "check", None)

    assert decide(state, TOKENS[0], "analytics", START) == first
    assert first.reason is Reason.GRANTED


def test_it_expires_to_the_second(state):
    expires = state.verifier.read(TOKENS[0]).expires
    state.as_of = expires
    assert decide(state, TOKENS[0], "analytics", expires - 0.001).allowed

    assert decide(state, TOKENS[0], "analytics", expires) == (False, Reason.EXPIRED)


def test_only_so_much_is_remembered(state, monkeypatch):
    monkeypatch.setattr(deciding, "REMEMBERED", 3)

    for token in TOKENS:
        decide(state, token, "analytics", START)
        assert len(state.seen) <= 3


def test_of_several_tokens_all_must_allow(state):
    granted, refused = TOKENS[:2]

    assert decide_all(state, [granted, granted], "analytics", START).allowed
    assert not decide_all(state, [granted, refused], "analytics", START).allowed
    assert decide_all(state, [], "analytics", START) == (False, Reason.MISSING)
