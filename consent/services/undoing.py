"""What undoes an act: decisions of their own, for nothing recorded is ever unmade."""

from collections.abc import Iterator

from consent.domain.entries import Record
from consent.domain.vocabulary import Decision
from consent.services.preferences import Preferences, Standing


def put_back(before: Preferences, after: Preferences) -> dict[str, Decision]:
    """Return the decisions that let the same run again as before an act, and no more.

    Where nobody had decided, that is what was the case without a decision. What was
    the case under another notice cannot be had back.
    """
    decisions: dict[str, Decision] = {}
    if before.publication.version != after.publication.version:
        return decisions
    for then, now in zip(before.standings, after.standings, strict=True):
        if not then.is_optional:
            continue
        if then.is_granted != now.is_granted:
            decisions[then.purpose.id] = _decision(then.is_granted, then.no)
        decisions |= {
            f"{then.purpose.id}:{vendor}": _decision(allowed, Decision.REFUSED)
            for vendor, allowed in _vendors_to_put_back(then, now, after.head)
        }
    return decisions


def _vendors_to_put_back(
    then: Standing, now: Standing, head: Record | None
) -> Iterator[tuple[str, bool]]:
    """Yield the vendors that would not follow their purpose back to where they were."""
    made = head.decisions if head else {}
    is_restored = then.is_granted != now.is_granted
    for (vendor, before), (_, after) in zip(then.vendors, now.vendors, strict=True):
        exception = made.get(f"{now.purpose.id}:{vendor.id}")
        stays_off = exception and exception.decision is not Decision.GRANTED
        follows = then.is_granted and not stays_off
        if before.allowed != (follows if is_restored else after.allowed):
            yield vendor.id, before.allowed


def _decision(allowed: bool, no: Decision) -> Decision:
    return Decision.GRANTED if allowed else no
