"""The tree of a ledger: stored nodes and computed hashes give the same proofs."""

import pytest

from consent.domain import checkpoints, merkle
from consent.domain.merkle import leaf_hash
from consent.errors import Forked, NotFound, Unavailable
from consent.services import evidence
from consent.store import tree, writer
from consent.store.ledger import site_row
from tests.factories import NOW, SITE, choice

SIZE = 700


@pytest.fixture
def signed(shop, terms):
    """Sign a ledger of 700 entries; return the checkpoint."""
    acts = [
        choice(terms, {"analytics": "refused"}, secret=None) for _ in range(1, SIZE)
    ]
    with shop.database.writing() as connection:
        writer.append(connection, acts, NOW)
    shop.integrator.integrate()
    return checkpoints.unverified(evidence.newest_checkpoint(shop, SITE))


@pytest.fixture
def leaves(shop, signed):
    """The hashes of all leaves."""
    return [leaf_hash(entry.commitment) for entry, _ in shop.ledger(SITE).entries()]


@pytest.mark.parametrize("number", [0, 1, 127, 255, 256, 511, 512, 640, 698, 699])
def test_every_entry_is_proven_by_the_signed_root(shop, signed, leaves, number):
    (proof,) = evidence.inclusions(shop, SITE, [number])

    assert checkpoints.unverified(proof.note) == signed
    assert merkle.is_included(leaves[number], number, SIZE, proof.path, signed.root)


def test_an_entry_is_signed_before_it_is_proven(shop, terms, signed):
    number = shop.writer.append(choice(terms, {"analytics": "granted"})).number

    (proof,) = evidence.inclusions(shop, SITE, [number])

    assert (number, checkpoints.unverified(proof.note).size) == (SIZE, SIZE + 1)


def test_an_entry_that_is_not_there_is_not_proven(shop, signed):
    with pytest.raises((NotFound, Unavailable)):
        evidence.inclusions(shop, SITE, [SIZE])


def test_nodes_are_folded_anew_to_the_same_hashes(shop, signed, sql):
    before = sql("SELECT level, number, hash FROM node ORDER BY level, number")
    with shop.database.writing() as connection:
        site_id = site_row(connection, SITE).site_id
        tree.forget(connection, site_id)
        tree.store_full_tiles(connection, site_id, SIZE)

    assert sql("SELECT level, number, hash FROM node ORDER BY level, number") == before
    assert [tuple(row)[:2] for row in before] == [(1, 0), (1, 1)]


@pytest.mark.usefixtures("unprotected")
def test_a_hash_is_never_made_up_for_an_entry_that_is_missing(shop, signed, sql):
    sql("DELETE FROM content WHERE number = 600")
    sql("DELETE FROM entry WHERE number = 600")

    with pytest.raises(Forked, match="1 of the entries from number 512 to 699 are"):
        evidence.inclusions(shop, SITE, [699])
