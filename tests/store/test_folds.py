"""What is kept beside a ledger is only a fold of it: lost or bent, it is put right."""

from functools import partial

import pytest

from consent.domain.removals import Purge
from consent.errors import Forked, Unavailable, UnknownSite
from consent.services import audits, subjects
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


def test_a_healthy_ledger_shows_no_difference(full, folds):
    before = folds()

    rebuilt = rebuild(full, SITE)

    assert rebuilt == Rebuilt(SIZE, ())
    assert folds() == before


def test_whoever_waits_for_a_rebuild_is_told_how_far_it_is(full):
    told = []

    rebuild(full, SITE, lambda done, total: told.append((done, total)))

    assert told[-1] == (SIZE, SIZE)


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

    with pytest.raises(Forked, match="entry 3 "):
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


@pytest.mark.parametrize("removal", ["erased", "purged"])
def test_content_that_comes_back_is_named_and_removed_again(full, sql, removal):
    """As it does when somebody restores the table of contents alone."""
    full.follower.poll()
    (kept,) = sql("SELECT * FROM content WHERE number = 1")
    if removal == "erased":
        subjects.erase(full, SITE, kept.subject)
    else:
        full.writer.append(Purge(SITE, below=3))
    sql(
        "INSERT INTO content (site_id, number, subject, key, body, salt)"
        " VALUES (:site_id, :number, :subject, :key, :body, :salt)",
        **kept._asdict(),
    )
    named = audits.verify(full, SITE).faults

    rebuilt = rebuild(full, SITE)

    assert "entry 1 has its content, though an entry says that it went" in map(
        str, named
    )
    assert rebuilt.differences == ("content of 1, which had to be gone",)
    assert sql("SELECT * FROM content WHERE number = 1") == []
    assert audits.verify(full, SITE).faults == ()
