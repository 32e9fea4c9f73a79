"""Events as rows of a table: what their cells say, and the verdict of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from consent.domain.checks import Verdict
from consent.domain.entries import SUBJECT_BYTES
from consent.domain.vocabulary import Reason
from consent.errors import InvalidEvents
from consent.services import past
from consent.services.past import Question
from consent.services.runtime import Runtime

ASKED = ("at", "purpose", "token", "subject", "vendor", "gpc")
"""The columns that are read, if they are there; others pass through."""
ADDED = ("allowed", "reason")
BATCH = 5_000
"""Rows decided at once: memory does not grow with the table."""
NAMED_FAULTS = 5
"""So many of the rows that cannot be read are named; all are counted."""

Row = Mapping[str, object] | str
"""The cells asked for by column, or a text that says why there are none."""
_YES = {"true", "1", "yes"}
_NO = {"false", "0", "no"}


class Judge:
    """Decides rows in their order, and counts. What cannot be read is denied."""

    def __init__(self, runtime: Runtime, site: str) -> None:
        self._runtime = runtime
        self._site = site
        self.rows = 0
        self.verdicts: Counter[Verdict] = Counter()
        self.unreadable = 0
        self.faults: list[str] = []

    def decide(self, rows: Sequence[Row]) -> list[Verdict]:
        """Return the verdicts of a batch; raises what answering checks raises."""
        now = self._runtime.clock.now()
        questions = [self._read(place, row, now) for place, row in enumerate(rows, 1)]
        good = [question for question in questions if question]
        answers = past.answer(self._runtime, self._site, good)
        invalid = Verdict(False, Reason.INVALID)
        verdicts = [next(answers) if question else invalid for question in questions]
        self.rows += len(rows)
        self.verdicts.update(verdicts)
        return verdicts

    def _read(self, place: int, row: Row, now: datetime) -> Question | None:
        try:
            return question_of(row, now)
        except ValueError as exc:
            self.unreadable += 1
            if len(self.faults) < NAMED_FAULTS:
                self.faults.append(f"row {self.rows + place}: {exc}")
            return None


def require_columns(names: Sequence[str]) -> None:
    """Raise InvalidEvents unless a table has the columns that verdicts need."""
    missing = [name for name in ("at", "purpose") if name not in names]
    if missing:
        raise InvalidEvents(f"there is no column {' and no column '.join(missing)}")
    if "token" not in names and "subject" not in names:
        raise InvalidEvents("there is neither a column token nor a column subject")
    for name in ADDED:
        if name in names:
            raise InvalidEvents(f"there is a column {name} already")
    for name in ASKED:
        if names.count(name) > 1:
            raise InvalidEvents(f"there is more than one column {name}")


def question_of(row: Row, now: datetime) -> Question:
    """Return what the cells of a row ask; raises ValueError."""
    if isinstance(row, str):
        raise ValueError(row)
    question = Question(
        purpose=_text(row, "purpose") or "",
        at=_moment(row.get("at")),
        token=_text(row, "token"),
        subject=_subject(row.get("subject")),
        vendor=_text(row, "vendor"),
        gpc=_flag(row.get("gpc")),
    )
    if fault := past.fault_of(question, now):
        raise ValueError(fault)
    return question


def _text(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected text")
    return value


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("at: expected a time with its offset, as 2026-05-01T12:00Z")
    return moment


def _subject(value: object) -> bytes | None:
    if value is None or value == "":
        return None
    try:
        subject = bytes.fromhex(value) if isinstance(value, str) else value
    except ValueError:
        subject = None
    if not isinstance(subject, bytes) or len(subject) != SUBJECT_BYTES:
        raise ValueError("subject: expected 32 hexadecimal digits")
    return subject


def _flag(value: object) -> bool:
    if value is None or value == "":
        return False
    word = str(value).lower()
    if word not in _YES | _NO:
        raise ValueError("gpc: expected true or false")
    return word in _YES
