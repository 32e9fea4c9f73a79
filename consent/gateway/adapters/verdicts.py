"""Verdicts by purpose, as adapters take them: what nobody asked about is denied."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from consent.domain.checks import Verdict

Event = Mapping[str, Any]
Verdicts = Mapping[str, Verdict]
Signals = Mapping[str, str | None]
"""The purpose of each signal by the tool's own word; one without is denied."""


def verdicts_of(
    decide: Callable[[str], Verdict], purposes: Iterable[str]
) -> dict[str, Verdict]:
    """Return the verdict on each of these purposes."""
    return {purpose: decide(purpose) for purpose in purposes}


def allows(verdicts: Verdicts, purpose: str | None) -> bool:
    """Tell whether a purpose is allowed."""
    verdict = verdicts.get(purpose) if purpose else None
    return verdict is not None and verdict.allowed


def standing(signals: Signals, verdicts: Verdicts) -> dict[str, bool]:
    """Return which signals stand: those whose purpose is allowed."""
    return {signal: allows(verdicts, purpose) for signal, purpose in signals.items()}


def with_context(event: Event, **values: Any) -> dict[str, Any]:
    """Return an event with these values in its context, whatever it said there."""
    context = event.get("context")
    kept = context if isinstance(context, Mapping) else {}
    return {**event, "context": {**kept, **values}}
