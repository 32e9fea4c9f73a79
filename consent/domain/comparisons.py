"""What publishing a notice would change, and about what visitors are asked again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from consent.domain.entries import Publication
from consent.domain.notices import Notice
from consent.domain.publications import material

_Fields = dict[str, Any]
_KINDS = {"purposes": "purpose", "vendors": "vendor"}
"""What is listed by id, and what one of it is called."""


class Change(NamedTuple):
    """One field before and after; None where it is not there."""

    field: str
    before: str | None
    after: str | None


class How(StrEnum):
    """What became of a part of the notice."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """A purpose, a vendor or a field of the notice that would not be as it was."""

    how: How
    what: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Question:
    """A purpose that visitors are asked about again, and why.

    Asked is who answered on one of `versions`; there are none where nobody did.
    """

    purpose: str
    reasons: tuple[str, ...]
    versions: range


@dataclass(frozen=True)
class Comparison:
    """A notice beside the publication in force, which a new site does not have."""

    notice: Notice
    in_force: Publication | None
    differences: tuple[Difference, ...]
    questions: tuple[Question, ...]

    @property
    def differs(self) -> bool:
        """Whether publishing would change anything that the notice says."""
        return self.in_force is None or bool(self.differences)


def compared(in_force: Publication | None, notice: Notice) -> Comparison:
    """Return what publishing a notice after this publication would change."""
    if in_force is None:
        return Comparison(notice, None, (), ())
    return Comparison(
        notice,
        in_force,
        tuple(_differences(in_force.notice, notice)),
        tuple(_questions(in_force, notice)),
    )


def _questions(in_force: Publication, notice: Notice) -> Iterator[Question]:
    for purpose in notice.optional:
        reasons = material(in_force.notice, notice, purpose)
        if not reasons:
            continue
        asked_before = any(purpose.id == one.id for one in in_force.notice.offered)
        first = in_force.purposes[purpose.id].since if asked_before else 1
        last = in_force.version if asked_before else 0
        yield Question(purpose.id, tuple(reasons), range(first, last + 1))


def _differences(old: Notice, new: Notice) -> Iterator[Difference]:
    told_before, told_after = msgspec.to_builtins(old), msgspec.to_builtins(new)
    before, after = _parts(told_before), _parts(told_after)
    for what in before | after:
        changes = tuple(_changes(before.get(what, {}), after.get(what, {})))
        if what not in before:
            yield Difference(How.ADDED, what, changes)
        elif what not in after:
            yield Difference(How.REMOVED, what, changes)
        elif changes:
            yield Difference(How.CHANGED, what, changes)
    yield from _moves(_orders(told_before), _orders(told_after))


def _changes(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for field in before | after:
        if before.get(field) != after.get(field):
            yield Change(field, before.get(field), after.get(field))


def _moves(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> Iterator[Difference]:
    """Yield the lists whose entries come in another order, since people see it."""
    for what in filter(after.__contains__, before):
        old = [name for name in before[what] if name in after[what]]
        new = [name for name in after[what] if name in before[what]]
        if old != new:
            change = Change("", ", ".join(old), ", ".join(new))
            yield Difference(How.CHANGED, f"order of {what}", (change,))


def _parts(told: _Fields) -> dict[str, dict[str, str]]:
    """Return purposes, vendors and all else that a notice says, flat, by name."""
    parts = {
        f"{kind} {key}": dict(_flat(entry))
        for listed, kind in _KINDS.items()
        for key, entry in _keyed(told[listed]).items()
    }
    rest = {name: value for name, value in told.items() if name not in _KINDS}
    return parts | {name: dict(_flat(value)) for name, value in rest.items()}


def _flat(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text in a value, under its name with points."""
    match value:
        case None | []:
            return
        case dict():
            for name, below in value.items():
                yield from _flat(below, f"{field}.{name}".removeprefix("."))
        case [{}, *_]:
            yield from _flat(_keyed(value), field)
        case [*_]:
            yield field, ", ".join(map(str, value))
        case bool():
            yield field, str(value).lower()
        case _:
            yield field, str(value)


def _orders(told: _Fields) -> dict[str, list[str]]:
    orders = {listed: [*_keyed(told[listed])] for listed in _KINDS}
    cookies = {f"cookies of {v['id']}": v["cookies"] for v in told["vendors"]}
    return orders | {what: [*_keyed(cookies[what])] for what in cookies}


def _keyed(entries: Sequence[_Fields]) -> _Fields:
    """Return entries by id or name; one that has the name of another gets a number."""
    keyed: _Fields = {}
    times: Counter[str] = Counter()
    for entry in entries:
        name = str(entry.get("id") or entry.get("name") or "")
        times[name] += 1
        keyed[name if times[name] == 1 else f"{name} #{times[name]}"] = entry
    return keyed
