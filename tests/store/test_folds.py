"""What is kept beside a ledger is only a fold of it: lost or bent, it is put right."""

import re
from functools import partial

import pytest

from consent.errors import Unavailable, UnknownSite
from consent.services.ledgers import Rebuilt, rebuild
from consent.services.notices import publish, switch
from tests.factories import SITE, choice, make_notice, withdrawal
from tests.store.concurrency import together

GRANT = {"analytics": "granted"}
OTHER = "f" * 32
SIZE = 7


@pytest.fixture
def full(shop, terms):
    """Return the running parts with a ledger that has entries of every sort."""
    acts = [
        choice(terms, GRANT),
        choice(terms, GRANT, secret=OTHER),
        withdrawal(terms),
        choice(terms, {"analytics": "refused"}, secret=None),
    ]
    for act in acts:
        shop.writer.append(act)
    publish(shop, make_notice(term_days=30))
    switch(shop, SITE, purpose="marketing", vendor=None, lifted=False)
    return shop


@pytest.fixture
def folds(full, sql):
    """Return a function that returns what is kept beside the ledger."""
    return lambda: [
        sql("SELECT * FROM site"),
        sql("SELECT * FROM head ORDER BY subject"),
    ]


@pytest.fixture
def unprotected(full, sql):
    """Take away the triggers, as somebody with the owner's rights could."""
    if full.database.is_sqlite:
        for (name,) in sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            sql(f"DROP TRIGGER {name}")
    else:
        sql("ALTER TABLE entry DISABLE TRIGGER USER")
        sql("ALTER TABLE content DISABLE TRIGGER USER")


def test_a_healthy_ledger_shows_no_difference(full, folds):
    before = folds()

    rebuilt = rebuild(full, SITE)

    assert rebuilt == Rebuilt(SIZE, ())
    assert folds() == before


def test_whoever_waits_for_a_rebuild_is_told_of_each_entry(full):
    told = []

    rebuild(full, SITE, told.append)

    assert told == list(range(1, SIZE + 1))


def test_an_unknown_site_cannot_be_rebuilt(shop):
    with pytest.raises(UnknownSite):
        rebuild(shop, "nowhere")


def test_a_head_that_is_wrong_is_named_and_put_right(full, folds, terms, sql):
    before, subject = folds(), choice(terms, GRANT).subject
    for tampering in (
        "UPDATE head SET number = 1 WHERE number = 3",
        "DELETE FROM head WHERE number = 3",
        "UPDATE head SET subject = (SELECT salt FROM content WHERE number = 3)"
        " WHERE number = 3",
    ):
        sql(tampering)

        rebuilt = rebuild(full, SITE)

        assert f"head of {subject.hex()}" in rebuilt.differences, tampering
        assert folds() == before, tampering


def test_a_head_of_nobody_is_named_and_removed(full, folds, sql):
    before = folds()
    sql("INSERT INTO head SELECT site_id, :nobody, 1 FROM site", nobody=b"\0" * 16)

    rebuilt = rebuild(full, SITE)

    assert rebuilt.differences == (f"head of {'00' * 16}",)
    assert folds() == before


def test_a_row_of_a_site_that_is_wrong_is_named_and_put_right(full, folds, sql):
    before = folds()
    for tampering, named in (
        ("UPDATE site SET size = size - 1", "size"),
        ("UPDATE site SET size = size + 1", "size"),
        ("UPDATE site SET publication = 0", "publication"),
        ("UPDATE site SET publication = NULL", "publication"),
        ("UPDATE site SET at = at + 1000000", "at"),
    ):
        sql(tampering)

        rebuilt = rebuild(full, SITE)

        assert rebuilt == Rebuilt(SIZE, (named,)), tampering
        assert folds() == before, tampering


def test_a_size_too_small_forks_nothing_and_is_put_right(full, terms, sql):
    sql("UPDATE site SET size = 2")
    act = choice(terms, GRANT)
    with pytest.raises(Unavailable):
        full.writer.append(act)

    rebuild(full, SITE)

    assert full.writer.append(act).number == SIZE


@pytest.mark.usefixtures("unprotected")
def test_columns_that_do_not_say_what_the_content_says_are_named(full, sql):
    sql("UPDATE content SET subject = salt WHERE number = 1")
    sql("UPDATE content SET subject = NULL WHERE number = 2")
    sql("UPDATE content SET previous = 2 WHERE number = 3")
    sql("UPDATE content SET key = salt WHERE number = 4")
    sql("UPDATE entry SET at = at - 1 WHERE number = 5")
    sql("UPDATE entry SET kind = 'record' WHERE number = 6")

    rebuilt = rebuild(full, SITE)

    assert numbers_named(rebuilt) == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("unprotected")
def test_content_that_does_not_fit_its_commitment_is_named(full, sql):
    """All columns agree; only the commitment tells that it was never recorded."""
    ((body,),) = sql("SELECT body FROM content WHERE number = 1")
    forged = body.replace(b'"banner"', b'"api"')
    sql("UPDATE content SET body = :forged WHERE number = 1", forged=forged)
    sql(
        "UPDATE entry SET commitment = (SELECT salt FROM content WHERE number = 2)"
        " WHERE number = 2"
    )
    sql(
        "UPDATE content SET salt = (SELECT commitment FROM entry WHERE number = 3)"
        " WHERE number = 3"
    )

    rebuilt = rebuild(full, SITE)

    assert forged != body
    assert numbers_named(rebuilt) == [1, 2, 3]


def numbers_named(rebuilt):
    """Return the numbers of the entries that a rebuild found at fault."""
    named = [re.match(r"entry (\d+) ", fault) for fault in rebuilt.differences]
    return [int(match[1]) for match in named if match]


@pytest.mark.parametrize(
    "lost",
    [
        ["DELETE FROM content WHERE number = 3"],
        [
            "DELETE FROM content WHERE number = 3",
            "DELETE FROM entry WHERE number = 3",
        ],
    ],
    ids=["content", "entry"],
)
@pytest.mark.usefixtures("unprotected")
def test_nothing_is_made_up_for_what_is_missing(full, folds, sql, lost):
    before = folds()
    for statement in lost:
        sql(statement)

    with pytest.raises(RuntimeError, match="entry 3 or its content is missing"):
        rebuild(full, SITE)

    assert folds() == before


def test_rebuilding_one_site_leaves_the_others_alone(full, sql):
    publish(full, make_notice(site="blog"))
    sql("UPDATE site SET size = 9")

    rebuild(full, SITE)

    assert sql("SELECT key, size FROM site ORDER BY site_id") == [
        (SITE, SIZE),
        ("blog", 9),
    ]


def test_acts_go_on_while_a_ledger_is_rebuilt(full, terms, another):
    other = another()
    acts = [choice(terms, GRANT, secret=f"{n:032x}") for n in range(20)]

    outcomes = together(
        *(partial(rebuild, full, SITE) for _ in range(3)),
        partial(list, map(full.writer.append, acts[::2])),
        partial(list, map(other.writer.append, acts[1::2])),
    )

    assert [rebuilt.differences for rebuilt in outcomes[:3]] == [()] * 3
    assert rebuild(full, SITE) == Rebuilt(SIZE + len(acts), ())
