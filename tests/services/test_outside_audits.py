"""An auditor has an address, or a file, and nothing else of ours."""

import threading
from dataclasses import replace
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest

from consent.app import create_app
from consent.domain import checkpoints, ledger_export
from consent.domain.tokens import private_key
from consent.errors import InvalidProof, Unavailable
from consent.services import ledger_exports
from consent.services.outside_audits import audit
from consent.store import writer
from tests.factories import CHECKPOINT_KEY, NOW, ORIGIN_OF_LEDGER, SITE, choice

GRANT = {"analytics": "granted"}
SEALING = private_key(CHECKPOINT_KEY)
VERIFIER = checkpoints.verifier_key(ORIGIN_OF_LEDGER, SEALING.verify_key)
SIZE = 600
PARTS = ("000", "001", "002.p/88")


class Quiet(WSGIRequestHandler):
    """Says nothing of what is asked."""

    def log_message(self, *_):
        """Be quiet."""


@pytest.fixture
def fill(shop):
    """Return a function that appends so many grants, and signs."""

    def filled(count):
        terms = shop.follower.state(SITE).in_force
        acts = [
            choice(terms, GRANT, secret=f"{n:031x}{count % 16:x}") for n in range(count)
        ]
        with shop.database.writing() as connection:
            writer.append(connection, acts, NOW)
        shop.integrator.integrate()
        return shop.integrator.guarded(SITE)

    return filled


@pytest.fixture
def address(fill, settings):
    """Serve a ledger of 600 entries; return its address."""
    fill(SIZE - 1)
    app = create_app(replace(settings, worker=False))
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/{SITE}/ledger"
        finally:
            server.shutdown()
            thread.join()
    app.extensions["consent"].close()


@pytest.fixture
def liar(address):
    """Serve a copy of what is published, changed as a dishonest log might."""
    paths = ["checkpoint", "keys", "tile/1/000.p/2"]
    paths += [f"tile/{kind}/{n}" for kind in ("0", "entries") for n in PARTS]
    files = {}
    for path in paths:
        files[f"/log/{path}"] = httpx.get(f"{address}/{path}").content

    def app(environ, start_response):
        body = files.get(environ["PATH_INFO"])
        start_response("404 Not Found" if body is None else "200 OK", [])
        return [body or b""]

    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield files, f"http://127.0.0.1:{server.server_port}/log"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def export(shop, tmp_path):
    """Return a function that exports the ledger as it is."""

    def exported(name="shop.export"):
        path = tmp_path / name
        ledger_exports.export_ledger(shop, SITE, path)
        return path

    return exported


def said(audited):
    return "\n".join(map(str, audited.faults))


def test_a_ledger_is_audited_by_its_address_alone(address):
    told = []

    (audited,) = audit(address, None, progress=lambda *done: told.append(done))

    assert (audited.size, audited.signed, said(audited)) == (SIZE, SIZE, "")
    assert told[-1] == (SIZE, SIZE)


def test_another_key_than_the_auditors_is_refused(address):
    other = private_key("Q" * 43)
    key = checkpoints.verifier_key(ORIGIN_OF_LEDGER, other.verify_key)

    with pytest.raises(InvalidProof, match="no key that is trusted"):
        audit(address, None, [key])


def test_what_was_kept_earlier_has_to_go_on(address, fill):
    kept = checkpoints.sign(
        checkpoints.Checkpoint(ORIGIN_OF_LEDGER, 300, b"\3" * 32), SEALING
    )

    (audited,) = audit(address, None, [VERIFIER], kept)

    assert said(audited) == "one of entries 0 to 299 does not fit the checkpoint of 300"


def test_a_ledger_that_became_shorter_is_found(address):
    kept = checkpoints.sign(
        checkpoints.Checkpoint(ORIGIN_OF_LEDGER, 700, b"\3" * 32), SEALING
    )

    (audited,) = audit(address, None, [VERIFIER], kept)

    assert said(audited) == "entries from number 600 on are lost: 700 were signed"


def test_a_ledger_that_grew_goes_on_from_what_was_kept(address, fill):
    (before,) = audit(address, None, [VERIFIER])
    fill(40)

    (after,) = audit(address, None, [VERIFIER], before.note)

    assert (after.size, said(after)) == (SIZE + 40, "")


@pytest.mark.usefixtures("unprotected")
def test_tiles_that_do_not_fit_are_named(address, sql):
    sql("UPDATE entry SET commitment = :other WHERE number = 20", other=b"\1" * 32)
    sql("UPDATE node SET hash = :other WHERE number = 1", other=b"\1" * 32)

    (audited,) = audit(address, None, [VERIFIER])

    found = said(audited)
    assert "one of entries 0 to 255 was changed, or the hash over them" in found
    assert "one of entries 256 to 511 was changed, or the hash over them" in found
    assert "one of entries 0 to 599 does not fit the checkpoint of 600" in found


@pytest.mark.usefixtures("unprotected")
def test_an_entry_that_cannot_be_published_stops_the_audit(address, sql):
    sql("DELETE FROM content WHERE number = 599")
    sql("DELETE FROM entry WHERE number = 599")

    with pytest.raises(Unavailable, match=r"tile/entries/002\.p/88 is answered by 5"):
        audit(address, None, [VERIFIER])


def test_a_log_that_says_one_thing_and_shows_another_is_found(liar):
    files, address = liar
    honest = dict(files)
    flipped = honest["/log/tile/0/001"][:-1] + b"\0"
    lies = {
        "tile/0/001": (flipped, "tile 0/001 is not that of its entries"),
        "tile/1/000.p/2": (bytes(64), "one of entries 0 to 255 was changed"),
        "tile/entries/002.p/88": (
            honest["/log/tile/entries/002.p/88"][34:],
            "the bundle 002.p/88 has 87 entries",
        ),
        "tile/0/002.p/88": (b"short", "tile 0/002.p/88 has 5 bytes"),
        "tile/0/000": (None, "tile/0/000 is not published"),
        "tile/entries/000": (b"\xff\xff", "a bundle ends within an entry"),
    }
    assert said(*audit(address, None, [VERIFIER])) == ""

    for path, (lie, named) in lies.items():
        files |= {f"/log/{path}": lie}

        assert named in said(*audit(address, None, [VERIFIER])), path

        files |= honest
    del files["/log/tile/1/000.p/2"]
    found = said(*audit(address, None, [VERIFIER]))
    assert "the hash over entries 0 to 255 is missing" in found


def test_an_export_fits_what_is_published(address, export, fill):
    older = export("older")
    fill(40)
    newer = export("newer")

    for path, size in ((older, SIZE), (newer, SIZE + 40)):
        of_export, of_address = audit(address, path, [VERIFIER])

        assert (of_export.size, said(of_export)) == (size, "")
        assert (of_address.size, said(of_address)) == (SIZE + 40, "")


@pytest.mark.usefixtures("unprotected")
def test_an_export_of_something_else_does_not_fit(address, export, sql, copied):
    """The insider exports from a ledger that was rewritten, unsigned."""
    put_back = copied()
    sql("UPDATE entry SET commitment = :other WHERE number = 20", other=b"\1" * 32)
    sql("DELETE FROM checkpoint")
    path = export()
    put_back()

    of_export, _ = audit(address, path, [VERIFIER])

    assert "one of entries 0 to 599 does not fit the checkpoint of 600" in said(
        of_export
    )


def test_an_export_that_stops_short_is_found(fill, export):
    fill(3)
    path = export()
    lines = path.read_bytes().splitlines(keepends=True)

    for kept, named in (
        (lines[:-1], "the export lacks a trailer"),
        (lines[:-2] + lines[-1:], "the site counts 4 entries, and there are 3"),
        ([*lines[:3], lines[2], *lines[3:]], "entry 1 comes again"),
        ([*lines[:2], *lines[3:]], "entry 1 is missing"),
        ([*lines[:2], b"x\n", *lines[3:]], "the export lacks an entry"),
    ):
        path.write_bytes(b"".join(kept))

        (audited,) = audit(None, path, [VERIFIER])

        assert named in said(audited)


def test_an_entry_of_no_plausible_number_stops_nobody(fill, export):
    fill(3)
    path = export()
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"number":1,', b'"number":1000000000000,')
    path.write_bytes(b"".join(lines))

    (audited,) = audit(None, path, [VERIFIER])

    assert "entry 1000000000000 is far beyond the entry before it" in said(audited)


@pytest.mark.parametrize("text", [b"", b"{}\n", b"\xff\n", b'{"format": "x"}\n'])
def test_what_is_no_export_is_refused(tmp_path, text):
    path = tmp_path / "shop.export"
    path.write_bytes(text)

    with pytest.raises(InvalidProof, match="lacks a header"):
        audit(None, path)


def test_an_export_that_cannot_be_written_leaves_nothing_behind(shop, tmp_path):
    with pytest.raises(Unavailable, match="cannot be written"):
        ledger_exports.export_ledger(shop, SITE, tmp_path / "missing" / "file")
    assert list(tmp_path.glob("**/*.part")) == []


def test_every_line_of_an_export_is_json(fill, export):
    fill(3)

    header, *entries, trailer = export().read_bytes().splitlines()

    assert ledger_export.read_header(header).size == len(entries) == 4
    assert ledger_export.read_trailer(trailer).strays == 0
    assert [line.number for line in ledger_export.read_entries(entries)] == [0, 1, 2, 3]


def test_an_address_that_is_none_or_answers_nothing(free_port):
    with pytest.raises(InvalidProof, match="no http address"):
        audit("ftp://consent.example/v1/shop/ledger", None)
    with pytest.raises(Unavailable, match="keys cannot be fetched"):
        audit(f"http://127.0.0.1:{free_port}/v1/shop/ledger", None)
