"""What a request asks of the database takes no longer on a longer ledger."""

import pytest
from sqlalchemy import event

from consent.domain.entries import subject_of
from consent.services import subjects
from tests.factories import SECRET, SITE, choice, withdrawal

SUBJECT = subject_of(SITE, bytes.fromhex(SECRET))


@pytest.fixture
def database_url(sqlite_url):
    """SQLite tells how it looks for rows whatever their number; PostgreSQL guesses."""
    return sqlite_url


@pytest.fixture
def plans(shop, sql):
    """Note each statement, and return a function that tells how each is worked out."""
    seen = []

    def note(_connection, _cursor, statement, parameters, _context, is_many):
        if statement.split()[0] in {"SELECT", "WITH", "UPDATE", "DELETE"}:
            seen.append((statement, parameters[0] if is_many else parameters))

    event.listen(shop.database.engine, "before_cursor_execute", note)

    def explained():
        event.remove(shop.database.engine, "before_cursor_execute", note)
        with shop.database.engine.connect() as connection:
            return [
                row[3]
                for statement, parameters in seen
                for row in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", parameters
                )
            ]

    return explained


@pytest.mark.parametrize("what", ["append", "head", "history", "erase", "purge"])
def test_no_request_walks_through_a_ledger(shop, terms, plans, what):
    shop.writer.append(choice(terms, {"analytics": "granted"}))
    shop.writer.append(withdrawal(terms))
    reader = shop.ledger(SITE)
    {
        "append": lambda: shop.writer.append(choice(terms, {"analytics": "granted"})),
        "head": lambda: reader.head(SUBJECT),
        "history": lambda: reader.history(SUBJECT),
        "purge": lambda: reader.purged_below(),
        "erase": lambda: subjects.erase(shop, SITE, SUBJECT),
    }[what]()

    walks = [step for step in plans() if reads_all(step)]

    assert walks == []


def reads_all(step):
    """Tell whether a step passes over every row of a site, or of the table."""
    how, _, rest = step.partition(" ")
    if not rest.startswith(("entry", "content", "head")):
        return False
    return how == "SCAN" or rest.endswith("(site_id=?)")
