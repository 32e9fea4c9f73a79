"""Whoever has the database can change anything, but not unseen."""

import sqlite3
from contextlib import closing

import pytest
from nacl.signing import SigningKey

from consent.domain import checkpoints
from consent.domain.entries import subject_of
from consent.domain.merkle import Frontier, leaf_hash
from consent.domain.removals import Erase, Purge
from consent.domain.tokens import private_key
from consent.services import audits, ledger_exports, outside_audits
from consent.services.notices import publish, switch
from consent.services.runtime import Runtime
from consent.store import writer
from tests.factories import (
    CHECKPOINT_KEY,
    NOW,
    ORIGIN_OF_LEDGER,
    SITE,
    choice,
    make_notice,
    withdrawal,
)
from tests.services import tampering
from tests.services.tampering import (
    edit_body,
    flip,
    insert,
    newest,
    put,
    renumber,
    resign,
    rewrite,
    rows,
    swap_contents,
    take,
)

GRANT = {"analytics": "granted"}
SEALING = private_key(CHECKPOINT_KEY)
VERIFIER = checkpoints.verifier_key(ORIGIN_OF_LEDGER, SEALING.verify_key)
SIZE, ERASED, ERASURE, FILLED, PURGED = 269, 6, 7, 20, 1


@pytest.fixture
def gone():
    """Contents that were removed by right, as somebody may have kept them."""
    return {}


@pytest.fixture
def ledger(shop, sql, gone):
    """Sign a ledger with entries of every kind and more than one tile of them."""
    terms = shop.follower.state(SITE).in_force
    who = [f"{n:032x}" for n in range(300)]

    def append(*drafts):
        with shop.database.writing() as connection:
            writer.append(connection, drafts, NOW)

    append(
        choice(terms, GRANT, secret=who[0]),
        choice(terms, GRANT, secret=who[1]),
        choice(terms, {"analytics": "refused"}, secret=None),
        choice(terms, {"marketing": "granted"}, secret=who[0]),
        withdrawal(terms, secret=who[1]),
        choice(terms, GRANT, secret=who[2]),
    )
    gone[ERASED] = rows(sql, "content", ERASED)[0]
    append(Erase(SITE, subject_of(SITE, bytes.fromhex(who[2]))))
    switch(shop, SITE, purpose="marketing", vendor=None, lifted=False)
    publish(shop, make_notice(term_days=30))
    append(*(choice(terms, GRANT, secret=secret) for secret in who[10:268]))
    gone[PURGED] = rows(sql, "content", PURGED)[0]
    append(Purge(SITE, 3))
    shop.integrator.integrate()
    return shop


@pytest.fixture
def signed(ledger):
    """The checkpoint that an auditor kept."""
    return ledger.integrator.guarded(SITE)


@pytest.fixture
def verify(ledger, settings):
    """Return a function that verifies in a process of its own."""

    def found():
        opened = Runtime.open(settings)
        try:
            return said(audits.verify(opened, SITE))
        finally:
            opened.close()

    return found


@pytest.fixture
def audit(ledger, settings, signed, tmp_path):
    """Return a function that exports, and audits what was exported."""
    path = tmp_path / "shop.export"

    def found():
        opened = Runtime.open(settings)
        try:
            ledger_exports.export_ledger(opened, SITE, path)
        finally:
            opened.close()
        (audited,) = outside_audits.audit(None, path, [VERIFIER], signed)
        return said(audited)

    return found


def cut(sql, number):
    """Remove the last entries, from a number on, and turn the count back."""
    for last in range(number, SIZE):
        take(sql, last)
    sql("UPDATE site SET size = :size", size=number)


def sign_anew(sql):
    """Fold and sign what is there, as whoever has the key could."""
    tree = Frontier()
    found = sql("SELECT commitment FROM entry ORDER BY number")
    nodes = [node for (one,) in found for node in tree.extend([leaf_hash(bytes(one))])]
    sql("UPDATE node SET hash = :hash", hash=nodes[0].hash)
    resign(sql, SEALING, root=tree.root())


def said(audited):
    return "\n".join(map(str, audited.faults))


def test_a_ledger_of_every_kind_of_entry_is_without_fault(verify, audit):
    assert verify() == ""
    assert audit() == ""


UNFIT = "one of entries 0 to 268 does not fit the checkpoint of 269"
PROVES_NOTHING = "proves nothing: no key that is trusted here signed"
ELSEWHERE = SigningKey.generate()

# What is done, and what has to be said of it: by verify, and by an auditor.
TAMPERINGS = {
    "a body edited": (
        lambda sql, _: edit_body(sql, FILLED),
        "entry 20 does not hold the content it commits to",
    ),
    "rewritten below a full tile": (
        lambda sql, _: rewrite(sql, FILLED),
        "one of entries 0 to 255 was changed, or the hash over them",
        UNFIT,
    ),
    "rewritten after the full tiles": (lambda sql, _: rewrite(sql, 266), UNFIT),
    "rewritten and signed anew": (
        lambda sql, _: (rewrite(sql, FILLED), sign_anew(sql)),
        UNFIT,
    ),
    "a content removed": (
        lambda sql, _: sql("DELETE FROM content WHERE number = 20"),
        "entry 20 has no content, and no entry says that it went",
    ),
    "a publication's content removed": (
        lambda sql, _: sql("DELETE FROM content WHERE number = 9"),
        "entry 9 is a publication without content",
    ),
    "an entry removed": (lambda sql, _: take(sql, FILLED), "entry 20 is missing"),
    "the end cut off": (
        lambda sql, _: cut(sql, 266),
        "entries from number 266 on are lost: 269 were signed",
    ),
    "two contents swapped": (
        lambda sql, _: swap_contents(sql, 20, 21),
        "entry 20 holds the content of shop 21",
        "entry 21 holds the content of shop 20",
    ),
    "two entries swapped": (
        lambda sql, _: renumber(sql, {20: 21, 21: 20}),
        "entry 20 holds the content of shop 21",
    ),
    "entries reordered": (
        lambda sql, _: renumber(sql, {20: 22, 21: 20, 22: 21}),
        "entry 22 holds the content of shop 20",
    ),
    "back-dated": (
        lambda sql, _: sql("UPDATE entry SET at = at - 60000000 WHERE number = 266"),
        "entry 266 is dated otherwise than its content",
    ),
    "back-dated without content": (
        lambda sql, _: sql("UPDATE entry SET at = at - 60000000 WHERE number = 6"),
        "entry 6 is dated before the entry before it",
    ),
    "inserted in between": (
        lambda sql, _: (
            renumber(sql, {n: n + 1 for n in range(262, SIZE)}),
            insert(sql, 262, like=261),
        ),
        "entry 263 holds the content of shop 262",
    ),
    "inserted at the end, uncounted": (
        lambda sql, _: insert(sql, SIZE, like=261),
        "the site counts 269 entries, and there are 270",
    ),
    "erased content put back": (
        lambda sql, gone: put(sql, "content", gone[ERASED]),
        "entry 6 has its content, though an entry says that it went",
    ),
    "purged content put back": (
        lambda sql, gone: put(sql, "content", gone[PURGED]),
        "entry 1 has its content, though an entry says that it went",
    ),
    "an erasure removed": (
        lambda sql, _: take(sql, ERASURE),
        "entry 6 has no content, and no entry says that it went",
    ),
    "a retention removed": (
        lambda sql, _: cut(sql, SIZE - 1),
        "entry 1 has no content, and no entry says that it went",
    ),
    "a kind changed": (
        lambda sql, _: sql("UPDATE entry SET kind = 'retention' WHERE number = 20"),
        "entry 20 is said to be a retention, and is none",
    ),
    "a subject changed in its column": (
        lambda sql, _: sql("UPDATE content SET subject = key WHERE number = 20"),
        "entry 20 has columns that its content does not repeat",
        "entry 20 is the head of its subject, and is not kept as such",
    ),
    "a head moved": (
        lambda sql, _: sql("UPDATE head SET number = 21 WHERE number = 20"),
        "entry 20 is the head of its subject, and is not kept as such",
    ),
    "a head lost": (
        lambda sql, _: sql("DELETE FROM head WHERE number = 20"),
        "entry 20 is the head of its subject, and is not kept as such",
    ),
    "a head made up": (
        lambda sql, _: sql(
            "INSERT INTO head SELECT site_id, :nobody, 20 FROM site", nobody=b"0" * 16
        ),
        "1 heads are kept which are no record of their subject",
    ),
    "an erased subject given its head back": (
        lambda sql, gone: (
            put(sql, "content", gone[ERASED]),
            sql(
                "INSERT INTO head SELECT site_id, :subject, 6 FROM site",
                subject=gone[ERASED]["subject"],
            ),
        ),
        "entry 6 is kept as the head of its subject, and is not",
    ),
    "a checkpoint of another size": (
        lambda sql, _: resign(sql, ELSEWHERE, size=268),
        PROVES_NOTHING,
    ),
    "a signature forged": (lambda sql, _: resign(sql, ELSEWHERE), PROVES_NOTHING),
    "a checkpoint signed of something else": (
        lambda sql, _: resign(sql, SEALING, root=flip(newest(sql).root)),
        UNFIT,
    ),
    "a note that is none": (
        lambda sql, _: tampering.publish_note(sql, "x"),
        "in the database proves nothing: expected a signed note",
        "of the export proves nothing: expected a signed note",
    ),
    "the site counts fewer": (
        lambda sql, _: sql("UPDATE site SET size = 268"),
        "the site counts 268 entries, and there are 269",
    ),
}


@pytest.mark.usefixtures("signed")
def test_every_tampering_is_found_and_named(verify, audit, sql, gone, copied, subtests):
    restore = copied()
    for name, (tamper, verified, *audited) in TAMPERINGS.items():
        with subtests.test(name):
            tamper(sql, gone)

            assert verified in verify()
            assert (audited or [verified])[0] in audit()
        restore()
    assert verify() == ""


@pytest.mark.usefixtures("unprotected")
def test_a_stored_hash_that_is_wrong_is_named(verify, sql):
    (kept,) = sql("SELECT hash FROM node")[0]
    sql("UPDATE node SET hash = :hash", hash=flip(kept))

    assert "one of entries 0 to 255 was changed, or the hash over them" in verify()


BESIDE = {
    "a publication that is none": (
        "UPDATE site SET publication = 3",
        "the site's publication is not",
    ),
    "a time to come": ("UPDATE site SET at = at + 1000000", "the site's at is not"),
    "a checkpoint that none follows": (
        "UPDATE checkpoint SET size = 99999",
        "the checkpoint in the database is kept as of size 99999",
    ),
    "a hash before its time": (
        "INSERT INTO node SELECT site_id, 1, 7, hash FROM node WHERE number = 0",
        "there is a hash for tile 7 of level 1, not full yet",
    ),
}


@pytest.mark.usefixtures("signed", "unprotected")
@pytest.mark.parametrize("tampered", BESIDE)
def test_what_lies_beside_the_entries_is_compared_too(verify, sql, tampered):
    statement, named = BESIDE[tampered]

    sql(statement)

    assert named in verify()


@pytest.mark.usefixtures("signed", "unprotected")
def test_content_of_no_entry_is_named(ledger, verify, sql):
    statement = "UPDATE content SET number = 5000 WHERE number = 20"
    if ledger.database.is_sqlite:
        with closing(sqlite3.connect(ledger.database.url.database)) as insider:
            insider.execute(statement)
            insider.commit()
    else:
        sql("ALTER TABLE content DROP CONSTRAINT content_of_entry")
        sql(statement)

    assert "there is content for 5000, and no such entry" in verify()


def test_checkpoints_kept_elsewhere_have_to_fit_too(ledger, signed):
    other = checkpoints.unverified(signed)._replace(size=5, root=b"\5" * 32)
    kept = checkpoints.sign(other, SEALING)

    verified = audits.verify(ledger, SITE, [kept])

    assert said(verified) == "one of entries 0 to 4 does not fit the checkpoint of 5"


def test_a_ledger_that_grows_meanwhile_is_without_fault(ledger, settings):
    """What is written while somebody verifies belongs to the next time."""
    terms = ledger.follower.state(SITE).in_force
    opened = Runtime.open(settings)

    def meanwhile(done, total):
        ledger.writer.append(choice(terms, GRANT))

    try:
        verified = audits.verify(opened, SITE, (), meanwhile)
    finally:
        opened.close()

    assert said(verified) == ""
    assert verified.size == SIZE
