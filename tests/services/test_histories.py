"""Whatever is done in whatever order, the ledger is what a plain model says."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec import convert

from consent.domain import checkpoints, merkle
from consent.domain.entries import subject_of
from consent.errors import UnknownRecord
from consent.services import audits, choices, evidence, notices, retention, subjects
from consent.services.bodies import ChoiceRequest, HeadRequest, WithdrawalRequest
from consent.services.checks import may_fire
from consent.services.runtime import Runtime, migrate_database
from tests.factories import body, fresh_key, make_notice, purpose
from tests.services.model import DAY, NO, PURPOSES, Model

PROOF_DAYS = 5
BEGIN = 1_772_600_000.0
_sites = count()

words = st.tuples(
    st.sampled_from(["short", "long"]),
    st.sampled_from([1, 2]),
    st.sampled_from([30, 60]),
)
named = st.dictionaries(st.sampled_from(PURPOSES), st.booleans(), min_size=1)
who = st.sampled_from([f"{n:032x}" for n in (1, 2, 3)])
process = st.sampled_from([0, 1])


class Calendar:
    """The service's clock, which stands still until a test turns it on."""

    def __init__(self):
        self.at = BEGIN

    def seconds(self):
        return self.at

    def now(self):
        return datetime.fromtimestamp(self.at, UTC)


@pytest.fixture
def calendar(monkeypatch):
    made = Calendar()
    monkeypatch.setattr("consent.services.runtime.Clock", lambda: made)
    return made


@pytest.fixture
def processes(calendar, settings):
    """Two processes on one database, each with its own memory, neither in a hurry."""
    migrate_database(settings)
    opened = [Runtime.open(replace(settings, poll_seconds=60)) for _ in range(2)]
    yield opened
    for one in opened:
        one.close()


def notice_of(site, words):
    policy, edition, term_days = words
    return make_notice(
        site=site,
        privacy_policy=f"https://shop.example/{policy}",
        term_days=term_days,
        proof_days=PROOF_DAYS,
        purposes=[
            purpose("necessary", "exempt"),
            purpose("analytics", edition=edition),
            purpose("marketing", sells=True),
            purpose("audience", "objection"),
        ],
    )


def subject(site, secret):
    return subject_of(site, bytes.fromhex(secret))


class Histories(RuleBasedStateMachine):
    """A site of its own, two processes that serve it, and the model."""

    asked = Bundle("asked")
    tokens = Bundle("tokens")

    def __init__(self, processes, calendar):
        super().__init__()
        self.processes = processes
        self.calendar = calendar
        self.site = f"site{next(_sites)}"
        self.model = Model(PROOF_DAYS)
        self.issued = {}
        self.notes = {}

    # What is done

    @initialize(words=words)
    def publish_first(self, words):
        self.publish(words, 0)

    @rule(words=words, process=process)
    def publish(self, words, process):
        notices.publish(self.ready(process), notice_of(self.site, words))
        self.model.publish(words, self.calendar.at)

    @rule(target=asked, who=who, named=named, knows=st.booleans(), process=process)
    def choose(self, who, named, knows, process):
        request = body(
            {p: "granted" if yes else NO[p] for p, yes in named.items()},
            secret=who,
            notice=len(self.model.versions),
            **({"after": self.model.size} if knows else {}),
        )
        runtime = self.ready(process)
        answer = choices.record_choice(
            runtime, self.site, convert(request, ChoiceRequest)
        )
        number = self.model.choose(
            who,
            named,
            request["key"],
            self.calendar.at,
            after=self.model.size if knows else -1,
        )
        self.is_answered(answer, number)
        return request, answer

    @rule(asked=asked, process=process)
    def send_again(self, asked, process):
        request, answer = asked
        runtime = self.ready(process)
        if self.model.used(request["key"]) is not None:
            again = convert(request, ChoiceRequest)
            assert choices.record_choice(runtime, self.site, again) == answer

    @precondition(lambda self: self.issued)
    @rule(
        data=st.data(),
        purposes=st.sets(st.sampled_from(PURPOSES)),
        process=process,
    )
    def withdraw(self, data, purposes, process):
        text = data.draw(st.sampled_from(sorted(self.issued)), label="token")
        token = self.issued[text]
        asked = WithdrawalRequest(
            token=text, key=fresh_key(), purposes=sorted(purposes) or None
        )
        runtime, number = self.ready(process), token.number
        if number is not None and not self.model.lines[number].has_content:
            with pytest.raises(UnknownRecord):
                choices.withdraw(runtime, self.site, asked)
            return
        answer = choices.withdraw(runtime, self.site, asked)
        self.model.withdraw(
            None if number is None else self.model.lines[number].who,
            purposes,
            asked.key,
            self.calendar.at,
            token.terms,
        )
        assert answer.number == (None if number is None else self.model.size - 1)

    @rule(who=who, process=process)
    def erase(self, who, process):
        runtime = self.ready(process)
        gone = self.model.erase(who, self.calendar.at)
        if gone:
            erased = subjects.erase(runtime, self.site, subject(self.site, who))
            assert list(erased.numbers) == gone
        else:
            with pytest.raises(UnknownRecord):
                subjects.erase(runtime, self.site, subject(self.site, who))

    @rule(days=st.sampled_from([0, 10, 36, 66]), process=process)
    def purge(self, days, process):
        self.calendar.at += days * DAY
        retention.purge(self.ready(process), self.site, self.calendar.now())
        self.model.purge(self.calendar.at)

    @rule(purpose=st.sampled_from(PURPOSES), lifted=st.booleans(), process=process)
    def suspend_or_resume(self, purpose, lifted, process):
        body = notices.switch(
            self.ready(process), self.site, purpose=purpose, vendor=None, lifted=lifted
        )
        changed = self.model.switch(purpose, self.calendar.at, lifted=lifted)
        assert (body is not None) is changed

    @rule(days=st.sampled_from([0.01, 1, 20, 29, 31]))
    def pass_time(self, days):
        self.calendar.at += days * DAY

    # What has to be true

    @invariant()
    def all_is_as_the_model_says(self):
        self.has_entries_and_heads()
        for place in (0, 1):
            self.decides(self.ready(place))
        self.is_signed()
        self.is_audited()

    def teardown(self):
        if not self.notes:
            return
        for number in range(self.model.size):
            self.has_proof(number)
        with closing(Runtime.open(self.processes[0].settings)) as fresh:
            self.decides(fresh)

    def has_entries_and_heads(self):
        found = [
            (e.kind, e.at.timestamp(), body is not None)
            for e, body in self.processes[0].ledger(self.site).entries()
        ]
        assert found == [
            (line.kind, pytest.approx(line.at, abs=1e-5), line.has_content)
            for line in self.model.lines
        ]
        for secret in ("1", "2", "3"):
            self.has_head(secret.zfill(32))

    def has_head(self, secret):
        reader = self.processes[1].ledger(self.site)
        found = reader.head(subject(self.site, secret))
        number = self.model.heads.get(secret)
        assert (found and found.number) == number
        if found is None:
            return
        line = self.model.lines[number]
        assert (found.action, found.previous) == (line.action, line.previous)
        assert {
            name: (one.decision == "granted", one.number)
            for name, one in found.decisions.items()
        } == {name: (one.yes, one.number) for name, one in line.made.items()}
        asked = HeadRequest(secret=secret)
        answer = choices.head(self.ready(1), self.site, asked)
        self.is_answered(answer, number)

    def decides(self, runtime):
        state = runtime.follower.state(self.site)
        assert state.size == self.model.size
        assert list(map(state.status, range(state.size))) == self.model.statuses
        assert state.suspended == self.model.suspended
        for text, token in self.issued.items():
            for name in PURPOSES:
                verdict = may_fire(runtime, self.site, [text], name, None, gpc=False)
                expected = self.model.reason(token, name, self.calendar.at)
                assert verdict.reason == expected, (token, name)
                assert verdict.allowed is (expected in {"granted", "default"})

    def is_signed(self):
        """What was signed at any time is a beginning of what is there now."""
        runtime = self.processes[len(self.notes) % 2]
        runtime.integrator.integrate()
        assert runtime.integrator.forks == {}
        note = evidence.newest_checkpoint(runtime, self.site)
        new = checkpoints.unverified(note)
        assert new.size == self.model.size
        hashes = self.leaves()
        assert new.root == merkle.root(hashes, new.size)
        assert self.notes.setdefault(new.size, note) == note
        for old in map(checkpoints.unverified, self.notes.values()):
            proof = merkle.consistency_proof(hashes, old.size, new.size)
            assert merkle.is_consistent(old.size, old.root, new.size, new.root, proof)

    def has_proof(self, number):
        (proof,) = evidence.inclusions(self.processes[0], self.site, [number])
        signed = checkpoints.unverified(proof.note)
        (leaf,) = self.leaves()(0, number, number + 1)
        assert signed.size == self.model.size
        assert merkle.is_included(leaf, number, signed.size, proof.path, signed.root)

    def leaves(self):
        """Return the leaves of the tree, worked out from the entries."""
        found = [
            merkle.leaf_hash(entry.commitment)
            for entry, _ in self.processes[0].ledger(self.site).entries()
        ]
        return lambda level, start, stop: found[start:stop]

    def is_audited(self):
        runtime = self.ready(1)
        verified = audits.verify(runtime, self.site, list(self.notes.values()))
        assert verified.faults == ()
        assert verified.signed == self.model.size

    def ready(self, place):
        """Return a process that has just heard of everything."""
        self.processes[place].follower.poll()
        return self.processes[place]

    def is_answered(self, answer, number):
        """The answer is the token that the model expects of a record."""
        token = self.model.token(number)
        assert answer.number == token.number
        assert answer.expires_at.timestamp() == token.expires
        assert self.issued.setdefault(answer.token, token) == token


@pytest.mark.timeout(240)
def test_a_site_is_what_a_plain_model_says(processes, calendar, database_url):
    is_sqlite = database_url.startswith("sqlite")
    run_state_machine_as_test(
        lambda: Histories(processes, calendar),
        settings=settings(
            max_examples=25 if is_sqlite else 8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
