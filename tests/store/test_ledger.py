"""Reading a ledger: what was recorded, under its number, and nothing else."""

import pytest

from consent.domain.entries import commitment, encode
from consent.domain.vocabulary import Kind
from consent.errors import NotFound, UnknownRecord, UnknownSite
from consent.services.notices import in_force, publish, switch
from consent.store import ledger as ledgers
from tests.factories import SITE, choice, make_notice

GRANT = {"analytics": "granted"}


@pytest.fixture
def record(shop, terms):
    return shop.writer.append(choice(terms, GRANT))


def test_a_record_is_read_under_its_number(shop, record):
    assert shop.ledger(SITE).record(record.number) == record


@pytest.mark.parametrize("number", [0, 99], ids=["publication", "not there"])
def test_what_is_no_record_is_not_read_as_one(shop, record, number):
    with pytest.raises(UnknownRecord):
        shop.ledger(SITE).record(number)


def test_a_publication_is_read_under_its_number(shop, record):
    assert shop.ledger(SITE).publication(0) == in_force(shop, SITE)


@pytest.mark.parametrize("number", [1, 99], ids=["record", "not there"])
def test_what_is_no_publication_is_not_read_as_one(shop, record, number):
    with pytest.raises(NotFound):
        shop.ledger(SITE).publication(number)


def test_a_subject_without_record_has_no_head(shop, record):
    assert shop.ledger(SITE).head(b"\0" * 16) is None


def test_a_head_is_of_one_site(shop, record):
    publish(shop, make_notice(site="blog"))

    assert shop.ledger("blog").head(record.subject) is None
    assert shop.ledger("nowhere").head(record.subject) is None


def test_entries_are_read_in_order_from_a_number_on(shop, record):
    switch(shop, SITE, purpose="analytics", vendor=None, lifted=False)

    found = [(entry.number, entry.kind) for entry, _ in shop.ledger(SITE).entries(1)]

    assert found == [(1, Kind.RECORD), (2, Kind.SUSPENSION)]


def test_an_entry_stays_when_its_content_is_gone(shop, record, sql):
    ((salt,),) = sql("SELECT salt FROM content WHERE number = 1")
    sql("DELETE FROM content WHERE number = 1")

    ((entry, content),) = shop.ledger(SITE).entries(1)

    assert content is None
    assert entry.commitment == commitment(encode(record), salt)
    with pytest.raises(UnknownRecord):
        shop.ledger(SITE).record(1)


def test_the_entries_of_an_unknown_site_are_not_an_empty_ledger(shop):
    with pytest.raises(UnknownSite):
        list(shop.ledger("nowhere").entries())


@pytest.mark.usefixtures("unprotected")
@pytest.mark.parametrize("lost", [3, 4], ids=["within", "at the edge"])
def test_following_stops_at_a_gap_wherever_it_is(shop, terms, sql, monkeypatch, lost):
    for _ in range(6):
        shop.writer.append(choice(terms, GRANT))
    sql("DELETE FROM content WHERE number = :lost", lost=lost)
    sql("DELETE FROM entry WHERE number = :lost", lost=lost)
    monkeypatch.setattr(ledgers, "CHUNK", 2)
    ((site_id,),) = sql("SELECT site_id FROM site")

    with shop.database.reading() as connection:
        rows = ledgers.rows_from(connection, site_id, 0)
        read = [next(rows).number for _ in range(lost)]
        with pytest.raises(RuntimeError, match=f"entry {lost} or its content"):
            next(rows)

    assert read == list(range(lost))
