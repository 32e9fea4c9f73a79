"""The published log, read by a client that shares nothing with what serves it."""

from dataclasses import replace
from hashlib import sha256

import pytest

from consent.domain import checkpoints
from consent.store import writer
from tests.factories import NOW, SITE, choice
from tests.web.asking import assert_problem

LEDGER = f"/v1/{SITE}/ledger"
SIZE = 70_000


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Return the URL of an empty database, once of each kind."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    return request.getfixturevalue(fixtures[request.param])


@pytest.fixture
def settings(settings):
    """Have no worker: tests say when a ledger is signed."""
    return replace(settings, worker=False)


@pytest.fixture
def fill(client, sql, unprotected):
    """Return a function that fills the ledger up to a size, and signs it."""
    runtime = client.application.extensions["consent"]

    def filled(size):
        terms = runtime.follower.state(SITE).in_force
        with runtime.database.writing() as connection:
            act = choice(terms, {"analytics": "refused"}, secret=None)
            writer.append(connection, [act], NOW)
        # One entry many times over is as good for a tree as many entries.
        sql(
            "WITH RECURSIVE more(number) AS (SELECT 2 UNION ALL"
            " SELECT number + 1 FROM more WHERE number < :last)"
            " INSERT INTO entry (site_id, number, kind, at, commitment)"
            " SELECT site_id, more.number, kind, at, commitment"
            " FROM entry, more WHERE entry.number = 1",
            last=size - 1,
        )
        sql("UPDATE site SET size = :size", size=size)
        runtime.integrator.integrate()

    return filled


def mth(leaves):
    """Return the Merkle Tree Hash as RFC 6962 defines it, by recursion."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = mth(leaves[:middle]), mth(leaves[middle:])
    return sha256(b"\1" + left + right).digest()


def tile(client, level, number, width=256):
    """Return the hashes of a tile."""
    part = "" if width == 256 else f".p/{width}"
    answer = client.get(f"{LEDGER}/tile/{level}/{number:03d}{part}")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(answer.data) == 32 * width
    return [answer.data[i : i + 32] for i in range(0, len(answer.data), 32)]


def level_of(client, level, size):
    """Return all hashes of a level."""
    full, rest = divmod(size // 256**level, 256)
    found = [one for number in range(full) for one in tile(client, level, number)]
    return found + (tile(client, level, full, rest) if rest else [])


def test_the_root_is_rebuilt_from_tiles_alone(client, fill):
    fill(SIZE)
    note = client.get(f"{LEDGER}/checkpoint").text

    leaves, tiles = level_of(client, 0, SIZE), level_of(client, 1, SIZE)
    (top,) = level_of(client, 2, SIZE)

    assert checkpoints.unverified(note).root == mth(leaves)
    assert tiles == [mth(leaves[n * 256 : n * 256 + 256]) for n in range(SIZE // 256)]
    assert top == mth(leaves[:65_536])
    entries = client.get(f"{LEDGER}/tile/entries/273.p/112").data
    assert len(entries) == 112 * 34
    assert {entries[i : i + 2] for i in range(0, len(entries), 34)} == {b"\0\x20"}
    hashed = [
        sha256(b"\0" + entries[i + 2 : i + 34]).digest()
        for i in range(0, len(entries), 34)
    ]
    assert hashed == leaves[-112:]


def test_what_the_checkpoint_does_not_reach_is_not_published(client, fill, sql):
    fill(600)
    sql("UPDATE site SET size = 700")

    for place in (
        "0/002", "0/002.p/89", "0/003.p/1", "1/000", "1/000.p/3", "2/000.p/1",
        "6/x999/x999/x999/x999/x999/x999/999", "entries/002", "entries/002.p/89",
    ):  # fmt: skip
        assert_problem(client.get(f"{LEDGER}/tile/{place}"), 404, "not_found")
    for place in (
        "0/002.p/88", "0/002.p/1", "0/001.p/255", "1/000.p/2", "entries/002.p/88",
    ):  # fmt: skip
        assert client.get(f"{LEDGER}/tile/{place}").status_code == 200


def test_odd_paths_are_not_found(client, fill):
    fill(600)

    for place in (
        "0/0", "0/0000", "0/x000/000", "00/000", "-1/000", "64/000", "x/000",
        "0/000.p/0",
        "0/000.p/256", "0/000.p/01", "0/000/", "0/", "0", "", "0/000.p/1/", "entries/0",
        "entries/000.p/0", "0/..%2f000", "0/%00", "0/000%0a", "entries/",
    ):  # fmt: skip
        answer = client.get(f"{LEDGER}/tile/{place}")
        assert_problem(answer, 404, "not_found")
    assert_problem(client.get("/v1/nowhere/ledger/checkpoint"), 404, "unknown_site")
    assert_problem(client.get("/v1/nowhere/ledger/keys"), 404, "unknown_site")
    assert_problem(client.get("/v1/nowhere/ledger/tile/0/000"), 404, "unknown_site")


def test_a_ledger_that_is_not_signed_publishes_nothing(client):
    for place in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
        assert_problem(client.get(f"{LEDGER}/{place}"), 404, "not_found")


def test_the_checkpoint_verifies_with_the_keys_beside_it(client, fill):
    fill(3)

    note, keys = client.get(f"{LEDGER}/checkpoint"), client.get(f"{LEDGER}/keys")

    trust = checkpoints.Trust.of(keys.text.splitlines())
    assert trust.origin == f"consent.example/v1/{SITE}/ledger"
    assert trust.read(note.text).size == 3
    for answer in (note, keys):
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_the_log_is_only_read(client, fill):
    fill(3)

    for place in ("checkpoint", "keys", "tile/0/000.p/1", "tile/entries/000.p/1"):
        answer = client.post(f"{LEDGER}/{place}")
        assert_problem(answer, 405, "method_not_allowed")
