"""A site whose visitors chose some days ago, and what is to be said of each moment."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from consent.domain.entries import subject_of
from consent.domain.issuing import numbered_token
from consent.domain.publications import Draft
from consent.domain.terms import terms_of
from consent.store import writer
from tests.factories import ORIGIN_OF_LEDGER, SITE, choice, make_notice, withdrawal

SECOND = timedelta(seconds=1)


class Visitors:
    """They grant analytics a second apart; at the end every third withdraws it."""

    def __init__(self, runtime, count):
        self.runtime = runtime
        self.count = count
        today = datetime.now(UTC).replace(microsecond=0)
        self.start = today - timedelta(days=3)
        draft = Draft(make_notice(), ORIGIN_OF_LEDGER)
        with runtime.database.writing() as connection:
            appended = writer.append(connection, [draft], self.start)
            (publication,) = appended.outcomes
            self.terms = terms_of(publication)
            self.records = [
                self._append(connection, choice, visitor, visitor, GRANT)
                for visitor in range(count)
            ]
            for visitor in range(0, count, 3):
                self._append(connection, withdrawal, visitor, count)
        runtime.follower.poll()

    def _append(self, connection, act, visitor, seconds, *made):
        drawn = act(self.terms, *made, secret=f"{visitor:032x}")
        (record,) = writer.append(connection, [drawn], self.at(seconds)).outcomes
        return record

    @cached_property
    def tokens(self):
        """The token that each visitor was answered with."""
        return [
            self.runtime.sign(numbered_token(record, self.terms))
            for record in self.records
        ]

    def at(self, seconds):
        """Return the moment so many seconds after the first visitor granted."""
        return self.start + seconds * SECOND

    def subject(self, visitor):
        """Return the pseudonym of a visitor, as hex."""
        return subject_of(SITE, bytes.fromhex(f"{visitor:032x}")).hex()

    def verdict(self, visitor, seconds, *, by_token):
        """Return what is to be said of an event so many seconds after the start."""
        if seconds < visitor:
            return False, "invalid" if by_token else "missing"
        if visitor % 3 == 0 and seconds >= self.count:
            return False, "withdrawn" if by_token else "refused"
        return True, "granted"


GRANT = {"analytics": "granted"}
