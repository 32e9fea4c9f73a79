import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from consent.domain.checks import check
from consent.domain.entries import Erasure, Retention
from consent.domain.history import History
from consent.domain.instants import microseconds
from consent.domain.issuing import common_token, numbered_token
from consent.domain.state import Change, SiteState, change_of
from consent.domain.suspensions import Switch
from consent.domain.terms import terms_of
from consent.domain.tokens import TokenSigner
from consent.domain.vocabulary import Status
from tests.factories import (
    NOW,
    SITE,
    choice,
    make_notice,
    make_publication,
    purpose,
    withdrawal,
)

SIGNER = TokenSigner(SigningKey(b"history's own key, of 32 letters"))
KEYS = {SIGNER.kid: SIGNER.public}
SECRETS = [f"{number:032x}" for number in range(3)]
PURPOSES = ["necessary", "analytics", "marketing", "audience", "telepathy"]
MOMENT = timedelta(microseconds=1)


class Ledger:
    """A ledger as it is drawn up, with the token that each record was answered by."""

    def __init__(self):
        self.bodies = []
        self.heads = {}
        self.tokens = []
        self.now = NOW
        self.publish(1)

    def publish(self, edition):
        purposes = [
            purpose("necessary", "exempt"),
            purpose("analytics", edition=edition),
            purpose("marketing", sells=True),
            purpose("audience", "objection"),
        ]
        notice = make_notice(purposes=purposes, term_days=1 if edition == 3 else 2)
        previous = getattr(self, "publication", None)
        publication = make_publication(
            notice, previous=previous, number=len(self.bodies), at=self.now
        )
        if publication is not None:
            self.publication = publication
            self.terms = terms_of(publication)
            self.bodies.append(publication)

    def choose(self, secret, made):
        self._act(secret, choice(self.terms, made, secret=secret))

    def withdraw(self, secret, *purposes):
        self._act(secret, withdrawal(self.terms, *purposes, secret=secret))

    def switch(self, target, lifted):
        switch = Switch(site=SITE, lifted=lifted, **target)
        self.bodies.append(switch.following(None, len(self.bodies), self.now))

    def pass_time(self, time):
        self.now += time

    def _act(self, secret, act):
        record = act.following(self.heads.get(secret), len(self.bodies), self.now)
        self.bodies.append(record)
        if record.subject is None:
            token = common_token(
                self.terms, self.now, record.regime, refused=record.decisions
            )
        else:
            self.heads[secret] = record
            token = numbered_token(record, self.terms)
        self.tokens.append(SIGNER.sign(token))

    def until(self, moment):
        """Return the state that only the entries up to a moment give."""
        state = SiteState(SITE)
        for body in self.bodies:
            if body.at <= moment:
                state.apply(change_of(body.number, body))
        state.trust(KEYS)
        # Nobody waits for what was not there yet.
        state.as_of = sys.float_info.max
        return state

    def history(self, *gone):
        """Fold the whole ledger, without the contents of these numbers."""
        history = History(SITE)
        for body in self.bodies:
            kept = None if body.number in gone else body
            history.apply(change_of(body.number, kept), microseconds(body.at))
        return history


def at(history, moment):
    return history.at(moment, SiteState(SITE).verifier)


grants = st.fixed_dictionaries(
    {},
    optional={
        "analytics": st.sampled_from(["granted", "refused"]),
        "marketing": st.sampled_from(["granted", "refused"]),
        "audience": st.sampled_from(["granted", "objected"]),
    },
).filter(bool)
targets = st.sampled_from(
    [{"purpose": "analytics"}, {"purpose": "audience"}, {"vendor": "ads"}]
)
steps = st.one_of(
    st.tuples(st.just("choose"), st.sampled_from(SECRETS), grants),
    st.tuples(st.just("withdraw"), st.sampled_from(SECRETS)),
    st.tuples(st.just("withdraw"), st.sampled_from(SECRETS), st.just("analytics")),
    st.tuples(st.just("switch"), targets, st.booleans()),
    st.tuples(st.just("publish"), st.integers(1, 3)),
    st.tuples(
        st.just("pass_time"),
        st.sampled_from([MOMENT, timedelta(seconds=1), timedelta(days=1)]),
    ),
)


@given(st.lists(steps, max_size=25), st.booleans())
def test_the_past_says_what_a_state_of_then_would_have_said(taken, gpc):
    ledger = Ledger()
    for name, *values in taken:
        getattr(ledger, name)(*values)
    history = ledger.history()
    boundaries = {body.at + shift for body in ledger.bodies for shift in SHIFTS}

    for moment in sorted(boundaries):
        then = ledger.until(moment)
        past = history.at(moment, then.verifier)
        for token in [None, "no token", *ledger.tokens]:
            for asked in PURPOSES:
                vendor = "ads" if asked == "marketing" and gpc else None
                question = token, asked, moment.timestamp(), vendor, gpc
                assert check(past, *question) == check(then, *question)


SHIFTS = (-MOMENT, timedelta(0), MOMENT, timedelta(days=1), timedelta(days=2))


@pytest.fixture
def ledger():
    """Return a ledger in which a grant is withdrawn an hour later."""
    drawn = Ledger()
    drawn.pass_time(timedelta(hours=1))
    drawn.choose(SECRETS[0], {"analytics": "granted"})
    drawn.pass_time(timedelta(hours=1))
    drawn.withdraw(SECRETS[0])
    return drawn


def reason(ledger, history, moment, token=None, purpose="analytics"):
    past = history.at(moment, ledger.until(moment).verifier)
    return check(past, token, purpose, moment.timestamp()).reason


@pytest.mark.parametrize(
    ("hours", "shift", "expected"),
    [
        (0, -MOMENT, "unknown"),
        (0, 0 * MOMENT, "invalid"),
        (1, -MOMENT, "invalid"),
        (1, 0 * MOMENT, "granted"),
        (2, -MOMENT, "granted"),
        (2, 0 * MOMENT, "withdrawn"),
        (48, 0 * MOMENT, "withdrawn"),
        (49, -MOMENT, "withdrawn"),
        (49, 0 * MOMENT, "expired"),
    ],
)
def test_each_entry_counts_from_its_own_microsecond_on(ledger, hours, shift, expected):
    """And a token is invalid before its entry, however little before."""
    moment = NOW + timedelta(hours=hours) + shift

    assert reason(ledger, ledger.history(), moment, ledger.tokens[0]) == expected


def test_a_suspension_stops_what_was_collected_while_it_lasted(ledger):
    ledger.choose(SECRETS[1], {"analytics": "granted"})
    ledger.pass_time(timedelta(hours=1))
    ledger.switch({"purpose": "analytics"}, lifted=False)
    ledger.pass_time(timedelta(hours=1))
    ledger.switch({"purpose": "analytics"}, lifted=True)
    history, token = ledger.history(), ledger.tokens[-1]

    reasons = [
        reason(ledger, history, NOW + timedelta(hours=hours), token)
        for hours in (2, 3, 4)
    ]

    assert reasons == ["granted", "suspended", "granted"]


def test_a_changed_purpose_counts_from_its_publication_on(ledger):
    ledger.choose(SECRETS[1], {"analytics": "granted"})
    ledger.pass_time(timedelta(hours=1))
    ledger.publish(2)
    history, token = ledger.history(), ledger.tokens[-1]

    assert reason(ledger, history, ledger.now - MOMENT, token) == "granted"
    assert reason(ledger, history, ledger.now, token) == "outdated"


def test_what_was_erased_is_denied_even_for_before(ledger):
    ledger.choose(SECRETS[1], {"analytics": "granted"})
    ledger.pass_time(timedelta(hours=1))
    ledger.bodies.append(
        Erasure(site=SITE, number=4, at=ledger.now, numbers=(3,)),
    )
    token = ledger.tokens[-1]
    moment = ledger.now - MOMENT

    assert reason(ledger, ledger.history(), moment, token) == "withdrawn"
    assert reason(ledger, ledger.history(3), moment, token) == "withdrawn"


def test_what_was_purged_is_denied_even_if_its_successor_is_kept(ledger):
    ledger.bodies.append(Retention(site=SITE, number=3, at=ledger.now, below=2))
    moment = NOW + timedelta(hours=1)

    for history in (ledger.history(), ledger.history(1)):
        assert reason(ledger, history, moment, ledger.tokens[0]) == "withdrawn"


def test_what_is_missing_is_denied_though_nothing_says_why(ledger):
    moment = NOW + timedelta(hours=1)

    assert reason(ledger, ledger.history(1), moment, ledger.tokens[0]) == "withdrawn"


def test_a_history_that_grows_does_not_change_what_was(ledger):
    history = History(SITE)
    views = []
    for body in ledger.bodies:
        history.apply(change_of(body.number, body), microseconds(body.at))
        views.append(at(history, body.at))

    assert [view.size for view in views] == [1, 2, 3]
    assert views[1].status(1) is Status.IN_FORCE
    assert views[2].status(1) is Status.WITHDRAWN


def test_a_gap_is_refused():
    with pytest.raises(ValueError, match="expected change 0, got 1"):
        History(SITE).apply(Change(number=1, status=Status.IN_FORCE), 0)


def test_nothing_is_known_before_the_first_entry(ledger):
    first = datetime(1, 1, 1, tzinfo=UTC)

    assert reason(ledger, ledger.history(), first) == "unknown"
