"""What is measured of a ledger, each as so many a second."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from typing import TypeVar

from benchmarks.filling import owner, secret_of
from consent.domain import issuing
from consent.domain.checks import check
from consent.domain.choices import Choice, new_key
from consent.domain.entries import subject_of
from consent.domain.tokens import TokenVerifier
from consent.domain.vocabulary import Decision, How, Reason
from consent.services import evidence, subjects
from consent.services.runtime import Runtime

THREADS = 64
"""As many requests wait for a commit together in `consent serve`."""
INSERTS = 2_000
CHECKS = 2_000
LOOKUPS = 1_000
PROOFS = 100
ERASURES = 50

Item = TypeVar("Item")
Measure = Callable[["Ledger"], float]


class Ledger:
    """An open ledger of a known size; each record is asked for once."""

    def __init__(self, runtime: Runtime, site: str, size: int) -> None:
        self.runtime = runtime
        self.site = site
        self.terms = runtime.follower.state(site).terms[1]
        self._size = size
        self._random = random.Random()  # noqa: S311 - a sample, no secret
        self._newcomers = count(1 << 64 | self._random.getrandbits(60))

    def numbers(self, how_many: int) -> list[int]:
        """Return numbers of newest records, of different subjects, not yet erased."""
        return list(islice(self._sample(), min(how_many, self._size // 4)))

    def choices(self, how_many: int) -> list[Choice]:
        """Return choices, every fourth of a subject that has a record already."""
        known = self.numbers(how_many // 4)
        secrets = [secret_of(number) for number in known]
        secrets += [f"{next(self._newcomers):032x}" for _ in range(3 * how_many // 4)]
        self._random.shuffle(secrets)
        return [self._choice(secret) for secret in secrets]

    def subject(self, number: int) -> bytes:
        """Return the subject of a record."""
        return subject_of(self.site, bytes.fromhex(secret_of(number)))

    def _choice(self, secret: str) -> Choice:
        return Choice(
            site=self.site,
            key=new_key(self.runtime.clock.now()),
            subject=subject_of(self.site, bytes.fromhex(secret)),
            how=How.BANNER,
            locale="en",
            shown=self.terms,
            in_force=self.terms,
            decisions={"analytics": Decision.GRANTED, "marketing": Decision.REFUSED},
            vendors={},
            regime=self.terms.regime_in(None),
            layout="bottom",
        )

    def _sample(self) -> Iterator[int]:
        reader, taken = self.runtime.ledger(self.site), set()
        while True:
            number = self._random.randrange(1, self._size - 2)
            whose = owner(number)
            if number % 4 == 1 or whose < 1 or whose in taken:
                continue
            taken.add(whose)
            # An earlier run may have erased them.
            if reader.head(self.subject(number)):
                yield number


def insert(ledger: Ledger) -> float:
    """Append choices from many threads, each acknowledged durably."""
    choices = ledger.choices(INSERTS)
    shares = [choices[n::THREADS] for n in range(THREADS)]

    def append(share: Sequence[Choice]) -> None:
        for choice in share:
            ledger.runtime.writer.append(choice)

    with ThreadPoolExecutor(THREADS) as pool:
        started = time.perf_counter()
        list(pool.map(append, shares))
        return len(choices) / (time.perf_counter() - started)


def check_new(ledger: Ledger) -> float:
    """Check tokens never seen before: each signature is verified."""
    state, now = ledger.runtime.follower.state(ledger.site), time.time()
    state.as_of = now
    tokens = _tokens(ledger, CHECKS)
    # Earlier turns may have seen some of them.
    state.verifier = TokenVerifier(state.verifier.keys)
    started = time.perf_counter()
    reasons = {check(state, one, "analytics", now).reason for one in tokens}
    taken = time.perf_counter() - started
    if not reasons <= {Reason.GRANTED, Reason.SUPERSEDED}:
        raise RuntimeError(f"tokens were not granted but {reasons}")
    return len(tokens) / taken


def check_again(ledger: Ledger) -> float:
    """Check tokens that this process has just verified."""
    state, now = ledger.runtime.follower.state(ledger.site), time.time()
    state.as_of = now
    tokens = _tokens(ledger, CHECKS)
    for token in tokens:
        check(state, token, "analytics", now)
    started = time.perf_counter()
    for token in tokens:
        check(state, token, "analytics", now)
    return len(tokens) / (time.perf_counter() - started)


def head(ledger: Ledger) -> float:
    """Look up the newest record of a subject."""
    reader = ledger.runtime.ledger(ledger.site)
    found = [ledger.subject(number) for number in ledger.numbers(LOOKUPS)]
    return _rate(lambda subject: bool(reader.head(subject)), found)


def history(ledger: Ledger) -> float:
    """Look up all records of a subject."""
    reader = ledger.runtime.ledger(ledger.site)
    found = [ledger.subject(number) for number in ledger.numbers(LOOKUPS)]
    return _rate(lambda subject: bool(reader.history(subject)), found)


def prove(ledger: Ledger) -> float:
    """Prove that a record is in the ledger."""
    ledger.runtime.integrator.integrate()

    def proven(number: int) -> bool:
        (proof,) = evidence.inclusions(ledger.runtime, ledger.site, [number])
        return bool(proof.path)

    return _rate(proven, ledger.numbers(PROOFS))


def erase(ledger: Ledger) -> float:
    """Erase a subject, one after the other, each acknowledged durably."""
    found = [ledger.subject(number) for number in ledger.numbers(ERASURES)]

    def erased(subject: bytes) -> bool:
        return bool(subjects.erase(ledger.runtime, ledger.site, subject).numbers)

    return _rate(erased, found)


MEASURES: dict[str, Measure] = {
    "check, new token": check_new,
    "check, known token": check_again,
    "head of a subject": head,
    "history of a subject": history,
    "inclusion proof": prove,
    "erasure": erase,
    # Last, because it makes the ledger longer.
    "record": insert,
}


def _tokens(ledger: Ledger, how_many: int) -> list[str]:
    reader = ledger.runtime.ledger(ledger.site)
    records = [reader.record(number) for number in ledger.numbers(how_many)]
    return [
        ledger.runtime.sign(issuing.numbered_token(record, ledger.terms))
        for record in records
    ]


def _rate(call: Callable[[Item], bool], items: Sequence[Item]) -> float:
    started = time.perf_counter()
    held = [call(item) for item in items]
    taken = time.perf_counter() - started
    if not all(held):
        raise RuntimeError("something asked for was not found")
    return len(items) / taken
