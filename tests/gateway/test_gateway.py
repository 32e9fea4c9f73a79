"""Decisions in process, by a service followed over HTTP."""

import json
import subprocess
import sys
import textwrap
import time
from dataclasses import replace

import pytest

from consent.app import create_app
from consent.domain.checks import SETTLING_SECONDS
from consent.domain.entries import subject_of
from consent.domain.feed import pack_statuses
from consent.domain.vocabulary import Reason
from consent.services import keys, subjects
from consent.services.notices import publish, switch
from tests.factories import SECRET, SITE, make_notice
from tests.gateway.following import eventually, serving
from tests.web.asking import record, withdraw

GRANT = {"analytics": "granted", "marketing": "granted"}


@pytest.fixture
def token(client):
    """Return the token of somebody who allowed everything."""
    return record(client, GRANT)["token"]


def reason(gateway, token, purpose="analytics", **options):
    """Return why a gateway decides as it does."""
    return gateway.decide(token, purpose, **options).reason


def test_a_withdrawal_reaches_the_gateway(client, gateway, token):
    assert gateway.decide(token, "analytics") == (True, Reason.GRANTED)

    withdraw(client, token)

    eventually(lambda: reason(gateway, token), Reason.WITHDRAWN)


def test_whatever_else_changes_a_verdict_reaches_it(client, app, gateway, token):
    service = app.extensions["consent"]

    def asked():
        return reason(gateway, token)

    stop = {"purpose": "analytics", "vendor": None}
    switch(service, SITE, **stop, lifted=False)
    eventually(asked, Reason.SUSPENDED)
    switch(service, SITE, **stop, lifted=True)
    eventually(asked, Reason.GRANTED)
    publish(service, make_notice(vendors=[]))
    eventually(lambda: reason(gateway, token, vendor="matomo"), Reason.UNKNOWN)
    subjects.erase(service, SITE, subject_of(SITE, bytes.fromhex(SECRET)))
    eventually(asked, Reason.WITHDRAWN)


def test_a_key_that_is_trusted_no_longer_vouches_for_nothing(app, gateway, token):
    service = app.extensions["consent"]
    kid = token.split(".")[0]

    keys.retire_key(service, kid, compromised=True)

    eventually(lambda: reason(gateway, token), Reason.INVALID)


def test_nothing_is_allowed_before_the_first_answer(make_gateway, between):
    between.spoil = lambda path, answer: None
    gateway = make_gateway()

    assert not gateway.wait(0.3)
    for purpose in ("analytics", "audience", "necessary"):
        assert gateway.decide(None, purpose) == (False, Reason.STALE)


def test_it_goes_on_without_the_service_and_denies_once_that_is_too_long_ago(
    make_gateway, between, token
):
    gateway = make_gateway(max_stale_seconds=2)
    assert gateway.wait(10)

    between.spoil = lambda path, answer: None
    without = reason(gateway, token)

    assert without is Reason.GRANTED
    eventually(lambda: reason(gateway, token), Reason.STALE)
    assert reason(gateway, None, "audience") is Reason.STALE
    between.spoil = lambda path, answer: answer
    eventually(lambda: reason(gateway, token), Reason.GRANTED)


def test_an_answer_that_was_kept_on_the_way_proves_nothing(
    make_gateway, between, token
):
    """A cache in between would hide every withdrawal."""
    gateway = make_gateway(max_stale_seconds=1)
    assert gateway.wait(10)
    kept = {}

    between.spoil = lambda path, answer: kept.setdefault(path, answer)

    eventually(lambda: reason(gateway, token), Reason.STALE)


def spoiled(name, change):
    """Return what spoils the answers at one kind of address."""

    def spoil(path, answer):
        return change(answer) if f"/{name}" in path else answer

    return spoil


def without_first_change(answer):
    told = json.loads(answer)
    return json.dumps(told | {"changes": told["changes"][1:]}).encode()


def cut(answer):
    return answer[: len(answer) // 2]


def other_text(name, text):
    """Return what puts another text into a list or an answer."""
    return lambda answer: json.dumps(json.loads(answer) | {name: text}).encode()


DAMAGES = {
    "half a state": ("state", cut),
    "half a list": ("status/", cut),
    "no list": ("status/", other_text("lst", "")),
    "an empty list": ("status/", other_text("lst", pack_statuses(b"").lst)),
    "a list of other bits": ("status/", other_text("bits", 1)),
    "half of the changes": ("changes", cut),
    "a list of what is no status": (
        "status/",
        other_text("lst", pack_statuses(b"\xaa").lst),
    ),
    "a state that is no text": ("state", lambda answer: b'{"site": "\xff"}'),
    "changes without end": ("changes", lambda answer: b'{"": ' + b"[" * 100_000),
    "no keys": ("changes", other_text("keys", {"kid": "no key"})),
    "another ledger": ("changes", other_text("origin", "another ledger")),
    "a shorter ledger": ("changes", other_text("size", 0)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_damaged_allows_nothing(make_gateway, between, token, damage):
    between.spoil = spoiled(*DAMAGES[damage])
    gateway = make_gateway()

    assert not gateway.wait(0.5)
    assert reason(gateway, token) in {Reason.STALE, Reason.INVALID}

    between.spoil = lambda path, answer: answer
    eventually(lambda: reason(gateway, token), Reason.GRANTED)


def test_a_change_that_is_lost_is_noticed(client, gateway, between, token):
    lost = []

    def lose_one(path, answer):
        if "/changes" in path and json.loads(answer)["changes"] and not lost:
            lost.append(path)
            return without_first_change(answer)
        return answer

    between.spoil = lose_one
    withdraw(client, token)

    eventually(lambda: (len(lost), reason(gateway, token)), (1, Reason.WITHDRAWN))


def test_it_starts_where_it_stopped_but_believes_nothing_before_an_answer(
    client, make_gateway, between, token, tmp_path
):
    path = tmp_path / "state"
    first = make_gateway(snapshot=path)
    assert first.wait(10)
    first.close()
    asked = []

    def note(path, answer):
        asked.append(path)
        return answer

    between.spoil = lambda path, answer: None
    second = make_gateway(snapshot=path)
    assert reason(second, token) is Reason.STALE
    withdraw(client, token)
    between.spoil = note

    eventually(lambda: reason(second, token), Reason.WITHDRAWN)
    assert {path.rpartition("/")[2] for path in asked} == {"changes"}


@pytest.mark.parametrize("content", [b"", b"no state", b"\xff" * 1000])
def test_a_file_that_is_damaged_is_as_good_as_none(
    make_gateway, token, tmp_path, content
):
    path = tmp_path / "state"
    path.write_bytes(content)
    gateway = make_gateway(snapshot=path)

    eventually(lambda: reason(gateway, token), Reason.GRANTED)


def test_a_service_restored_from_an_older_backup_vouches_for_no_lost_grant(
    settings, tmp_path, make_gateway, app, client, free_port
):
    """What was granted after the backup is in no ledger any more."""
    older = tmp_path / "older.sqlite"
    app.extensions["consent"].database.copy(older)
    token = record(client, GRANT)["token"]

    with serving(app, free_port) as url:
        gateway = make_gateway(url)
        eventually(lambda: reason(gateway, token), Reason.GRANTED)
    restored = create_app(replace(settings, database_url=f"sqlite:///{older}"))
    with serving(restored, free_port):
        # So long its signature alone vouches for what may only be late.
        time.sleep(SETTLING_SECONDS)
        eventually(lambda: gateway.decide(token, "analytics").allowed, wanted=False)
    restored.extensions["consent"].close()


FORKED = """
    import os, sys, time
    from consent.gateway import Gateway

    url, token = sys.argv[1:]
    gateway = Gateway(url, "shop", poll_seconds=0.02, max_stale_seconds=1).start()
    assert gateway.wait(10)
    child = os.fork()
    # For longer than what the parent heard is fresh.
    time.sleep(1.5)
    verdict = gateway.decide(token, "analytics")
    if child == 0:
        os._exit(0 if verdict.allowed else 1)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or not verdict.allowed)
"""


def test_it_follows_in_a_forked_process_too(address, token):
    script = [sys.executable, "-c", textwrap.dedent(FORKED), address, token]

    assert subprocess.run(script, check=False, timeout=60).returncode == 0


def test_who_listens_hears_each_verdict_and_no_token(make_gateway, token):
    heard = []
    gateway = make_gateway(on_verdict=lambda *said: heard.append(said))
    assert gateway.wait(10)

    gateway.decide(token, "analytics")
    gateway.decide([token, "forged"], "analytics")

    assert heard == [
        ("analytics", (True, Reason.GRANTED)),
        ("analytics", (False, Reason.INVALID)),
    ]
