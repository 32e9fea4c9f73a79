"""Could this be used when it was collected? Checks by the state of that moment."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from consent.domain.checks import State, Verdict, check
from consent.domain.entries import Record
from consent.domain.history import History
from consent.domain.issuing import numbered_token
from consent.domain.terms import Terms
from consent.domain.tokens import TokenVerifier
from consent.domain.vocabulary import Reason
from consent.errors import Forked, Unavailable
from consent.services.runtime import Runtime
from consent.store.past import Place, Standing


class Question(NamedTuple):
    """One check; without `at` it is about now, with `subject` it needs no token."""

    purpose: str
    at: datetime | None = None
    token: str | None = None
    subject: bytes | None = None
    vendor: str | None = None
    gpc: bool = False


class _View(NamedTuple):
    """A moment's site state and clock, the terms published, and what size was seen."""

    state: State
    now: float
    terms: dict[int, Terms]
    size: int


def fault_of(question: Question, now: datetime) -> str | None:
    """Return why a question cannot be answered, if it cannot."""
    if question.subject is not None and question.token is not None:
        return "expected a token or a subject, and not both"
    if question.at is not None and question.at > now:
        return f"at {question.at.isoformat()} is still to come"
    return None


def answer(
    runtime: Runtime, site: str, questions: Sequence[Question]
) -> Iterator[Verdict]:
    """Return the answers of questions that have no fault, in their order.

    Each is worked out when it is asked for; whatever can fail fails before.
    Raises UnknownSite, Unavailable, and Forked: what was rewritten proves nothing.
    """
    views = _views(runtime, site, questions)
    asked = list(zip(questions, views, strict=True))
    places = [(q.subject, v.size) for q, v in asked if q.subject is not None]
    standing = runtime.past.records(site, places)
    for question, view in asked:
        if question.subject is not None:
            _require_terms(standing[question.subject, view.size], view)
    return (_verdict(question, view, standing) for question, view in asked)


def _require_terms(found: Standing, view: _View) -> None:
    if isinstance(found, Record) and found.terms not in view.terms:
        raise Unavailable(f"notice {found.terms} has not arrived here yet")


def _views(runtime: Runtime, site: str, questions: Sequence[Question]) -> list[_View]:
    live = runtime.follower.state(site)
    # Of now, a subject's newest record counts, even if this state has not seen it yet.
    present = _View(live, runtime.clock.seconds(), live.terms, sys.maxsize)
    if all(question.at is None for question in questions):
        return [present] * len(questions)
    if site in runtime.integrator.forks:
        raise Forked(f"{site}: {runtime.integrator.forks[site]}")
    history, verifier = runtime.past.history(site), live.verifier
    return [_view(history, q.at, verifier) if q.at else present for q in questions]


def _view(history: History, at: datetime, verifier: TokenVerifier) -> _View:
    state = history.at(at, verifier)
    return _View(state, at.timestamp(), history.terms, state.size)


def _verdict(
    question: Question, view: _View, standing: dict[Place, Standing]
) -> Verdict:
    state, terms = view.state, view.terms
    asked = question.purpose, view.now, question.vendor, question.gpc
    if question.subject is None:
        return check(state, question.token, *asked)
    found = standing[question.subject, view.size]
    if isinstance(found, Record):
        return check(state, numbered_token(found, terms[found.terms]), *asked)
    verdict = check(state, None, *asked)
    # Whether they had objected cannot be known, so nothing passes as uncontested.
    unknown = verdict.reason in {Reason.MISSING, Reason.UNCONTESTED}
    return Verdict(False, found) if unknown else verdict
