"""Moments as ledgers keep them and write them: UTC, to the microsecond."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Return a moment as microseconds since the epoch."""
    return (at - EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """Return the moment so many microseconds after the epoch; raises OverflowError."""
    return EPOCH + count * _MICROSECOND


def written(at: datetime) -> str:
    """Return a moment as the contents of entries have it (RFC 3339)."""
    return at.isoformat().replace("+00:00", "Z")
