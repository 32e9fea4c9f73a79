"""A database that lost what was signed is found, and goes on only when told to."""

import logging
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from consent.app import create_app
from consent.domain import checkpoints
from consent.domain.vocabulary import Status
from consent.errors import MissingKey, NotFound, Unavailable, Unguarded, UnknownSite
from consent.services import apikeys, evidence, ledgers
from consent.services.notices import publish
from consent.services.runtime import Runtime
from tests.factories import (
    ORIGIN_OF_LEDGER,
    SECRET,
    SITE,
    body,
    choice,
    make_notice,
    withdrawal,
)
from tests.store.concurrency import eventually
from tests.web.asking import assert_problem, post, record, verdict

GRANT = {"analytics": "granted"}
LOST = "entries from number 2 on are lost: 3 were signed"


@pytest.fixture
def settings(settings, tmp_path):
    """Have files for new token keys, and no worker: tests say when it works."""
    keys = tmp_path / "token-keys"
    keys.write_text("\n".join(settings.token_keys) + "\n")
    return replace(settings, token_keys_path=keys, worker=False)


@pytest.fixture
def started(settings):
    """Return a function that starts the service anew, and returns a client of it."""
    apps = []

    def start(**changes):
        keys = tuple(settings.token_keys_path.read_text().split())
        apps.append(create_app(replace(settings, token_keys=keys, **changes)))
        return apps[-1].test_client()

    yield start
    for app in apps:
        running(app.test_client()).close()


@pytest.fixture
def restore(shop, copied):
    """A grant; what puts back the database as it was before it was withdrawn."""
    terms = shop.follower.state(SITE).in_force
    shop.writer.append(choice(terms, GRANT))
    shop.integrator.integrate()
    back = copied()
    shop.writer.append(withdrawal(terms))
    shop.integrator.integrate()
    return back


def running(client):
    return client.application.extensions["consent"]


def assert_refuses(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert verdict(client, "analytics") == (403, "stale")
    refused = post(client, "records", body(GRANT))
    assert_problem(refused, 503, "unavailable")
    assert_problem(
        post(client, "head", {"secret": SECRET}),
        503,
        "unavailable",
    )
    return answer.json["faults"]


def test_an_older_copy_is_found_at_the_start(restore, started, shop):
    restore()

    client = started()

    assert assert_refuses(client) == [f"ledger of {SITE}: {LOST}"]
    assert signed_size(shop) == 2
    assert guarded_size(shop) == 3


@pytest.mark.parametrize("worker", [True, False])
def test_an_older_copy_is_found_while_running(restore, started, worker, caplog):
    client = started(worker=worker)
    assert client.get("/readyz").status_code == 200

    restore()

    lost = [f"ledger of {SITE}: {LOST}"]
    assert eventually(lambda: client.get("/readyz").json["faults"] == lost)
    assert eventually(lambda: verdict(client, "analytics") == (403, "stale"))
    assert assert_refuses(client) == [f"ledger of {SITE}: {LOST}"]
    for _ in range(3):
        running(client).integrator.integrate()
    told = [r for r in caplog.records if r.levelno == logging.CRITICAL]
    assert len(told) == 1
    assert told[0].getMessage().startswith(f"{SITE}: not signed any more: ")


def test_an_older_copy_tells_nothing_of_the_past(shop, restore, started):
    restore()
    shown = {"Authorization": f"Bearer {apikeys.add(shop, SITE, 'warehouse')[1]}"}
    asked = {"checks": [{"purpose": "analytics", "at": "2026-01-01T00:00:00Z"}]}

    answer = started().post(f"/v1/{SITE}/checks", json=asked, headers=shown)

    assert_problem(answer, 503, "forked")


def test_an_older_copy_that_went_on_is_found(restore, started, shop):
    restore()
    terms = shop.follower.state(SITE).in_force
    for secret in ("a" * 32, "b" * 32):
        shop.writer.append(choice(terms, GRANT, secret=secret))

    client = started()

    (fault,) = assert_refuses(client)
    assert "entries differ somewhere from number 2 to 2" in fault
    assert signed_size(shop) == 2


def test_resuming_goes_on_under_another_name_and_voids_all_tokens(
    restore, started, shop, settings
):
    token = record(started(), GRANT)["token"]
    shop.integrator.integrate()
    restore()
    opened = Runtime.open(settings)

    resumed = ledgers.start_anew(opened)

    opened.close()
    client = started()
    assert client.get("/readyz").json == {"status": "ready", "faults": []}
    assert verdict(client, "analytics", token) == (403, "invalid")
    fresh = post(client, "head", {"secret": SECRET}).json["token"]
    assert verdict(client, "analytics", fresh) == (200, "granted")
    ((site, origin),) = resumed
    assert (site, origin.startswith(f"{ORIGIN_OF_LEDGER}/")) == (SITE, True)
    note = client.get(f"/v1/{SITE}/ledger/checkpoint").text
    assert checkpoints.unverified(note).origin == origin
    assert ledgers.start_anew(running(client)) == []


def test_what_only_gateways_know_to_be_lost_is_resumed_by_name(shop, started, settings):
    token = record(started(), GRANT)["token"]
    opened = Runtime.open(settings)

    with pytest.raises(UnknownSite):
        ledgers.start_anew(opened, ["nobody"])
    ((site, origin),) = ledgers.start_anew(opened, [SITE])

    opened.close()
    assert (site, origin.startswith(f"{ORIGIN_OF_LEDGER}/")) == (SITE, True)
    assert verdict(started(), "analytics", token) == (403, "invalid")


def test_a_process_that_was_not_restarted_forgets_what_was_lost(
    restore, started, settings
):
    client = started()
    restore()
    assert eventually(lambda: running(client).faulty)
    opened = Runtime.open(settings)

    ledgers.start_anew(opened)

    opened.close()
    assert eventually(lambda: not running(client).faulty)
    assert eventually(lambda: running(client).follower.state(SITE).size == 2)
    assert (
        "keys: no private key to sign tokens with"
        in (client.get("/readyz").json["faults"])
    )


def test_what_was_followed_is_forgotten_though_the_ledger_grew_again(
    restore, shop, settings
):
    behind = Runtime.open(settings)
    restore()
    opened = Runtime.open(settings)
    ledgers.start_anew(opened)
    terms = opened.follower.state(SITE).in_force
    opened.writer.append(choice(terms, GRANT, secret="a" * 32))

    behind.follower.poll()

    state = behind.follower.state(SITE)
    assert (state.size, state.status(1)) == (3, Status.IN_FORCE)
    behind.close()
    opened.close()


def test_what_the_browser_knows_and_the_ledger_lost_is_not_found(
    restore, started, settings
):
    restore()
    opened = Runtime.open(settings)
    ledgers.start_anew(opened)
    opened.close()

    answer = post(started(), "head", {"secret": SECRET, "after": 2})

    assert_problem(answer, 404, "unknown_record")


def test_resuming_needs_a_file_for_the_new_token_key(restore, settings):
    restore()
    opened = Runtime.open(replace(settings, token_keys_path=None))

    with pytest.raises(MissingKey, match="CONSENT_TOKEN_KEYS_FILE"):
        ledgers.start_anew(opened)

    opened.close()


def test_a_ledger_put_right_is_signed_again(shop, restore, copied):
    whole = copied()
    restore()
    shop.integrator.integrate()
    assert LOST in shop.faulty[SITE]

    whole()
    shop.integrator.integrate()

    assert shop.faulty.get(SITE) is None


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"x\n\n", "other origin"])
def test_a_damaged_guard_file_stops_signing(shop, restore, settings, damage, started):
    (file,) = Path(settings.checkpoint_guard).glob("*.checkpoint")
    text = file.read_bytes()
    file.write_bytes(damage if isinstance(damage, bytes) else b"x" + text)

    client = started()

    (fault,) = assert_refuses(client)
    assert "the guard's checkpoint proves nothing" in fault
    ledgers.start_anew(running(client))
    assert running(client).faulty.get(SITE) is None


def test_a_guard_at_an_address(shop, restore, settings, started):
    with guard_server() as guard:
        client = started(checkpoint_guard=guard.address)
        running(client).integrator.integrate()
        assert checkpoints.unverified(guard.kept[f"/{SITE}"]).size == 3
        restore()

        running(client).integrator.integrate()

        assert running(client).faulty[SITE] == LOST
        ledgers.start_anew(running(client))
        assert running(client).faulty.get(SITE) is None
        assert checkpoints.unverified(guard.kept[f"/{SITE}"]).size == 2


def test_a_guard_that_cannot_be_reached_stops_signing_alone(shop, started, caplog):
    with guard_server() as guard:
        guard.status = 500
        client = started(checkpoint_guard=guard.address, worker=True)

        token = record(client, GRANT)["token"]

        assert verdict(client, "analytics", token) == (200, "granted")
        assert client.get("/readyz").status_code == 200
        assert eventually(
            lambda: "nothing is signed: the guard answers 500" in caplog.text
        )
        with pytest.raises(NotFound):
            evidence.newest_checkpoint(running(client), SITE)
        with pytest.raises(Unguarded):
            running(client).integrator.integrate()
        assert caplog.text.count("nothing is signed") == 1

        guard.status = 200

        published = f"/v1/{SITE}/ledger/checkpoint"
        assert eventually(lambda: client.get(published).status_code == 200)
        assert (
            signed_size(shop) == checkpoints.unverified(guard.kept["/shop"]).size == 2
        )


def test_nobody_at_the_address_of_the_guard(shop, started, free_port):
    client = started(checkpoint_guard=f"http://127.0.0.1:{free_port}")

    with pytest.raises(Unguarded, match="refused"):
        running(client).integrator.integrate()
    with pytest.raises(Unguarded):
        ledgers.start_anew(running(client))
    assert record(client, GRANT)["number"] == 1


def test_a_damaged_site_stops_no_other(shop, started, sql, copied):
    publish(shop, make_notice(site="blog"))
    terms = shop.follower.state(SITE).in_force
    shop.writer.append(choice(terms, GRANT))
    copied()
    sql("DELETE FROM content WHERE number = 1")
    sql("DELETE FROM entry WHERE number = 1")

    client = started()

    assert verdict(client, "analytics") == (403, "stale")
    assert client.get("/v1/blog/check/necessary").status_code == 200
    assert client.get("/v1/blog/check/analytics").headers["Consent-Verdict"] == (
        "missing"
    )
    with pytest.raises(Unavailable, match="entry 1 is missing"):
        running(client).writer.append(choice(terms, GRANT))


def signed_size(runtime):
    return checkpoints.unverified(evidence.newest_checkpoint(runtime, SITE)).size


def guarded_size(runtime):
    return checkpoints.unverified(runtime.integrator.guarded(SITE)).size


class Guard(ThreadingHTTPServer):
    """Keeps what is posted to it, by path."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), GuardHandler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.kept = {}
        self.status = 200


class GuardHandler(BaseHTTPRequestHandler):
    def do_GET(self):
        kept = self.server.kept.get(self.path)
        self.answer(404 if kept is None else 200, kept or "")

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.status == 200:
            self.server.kept[self.path] = text
        self.answer(200, "")

    def answer(self, status, text):
        failing = self.server.status != 200
        self.send_response(self.server.status if failing else status)
        body = text.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Be quiet."""


@contextmanager
def guard_server():
    with Guard() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
