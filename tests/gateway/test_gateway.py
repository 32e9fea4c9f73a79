"""Decisions in process, by a service followed over HTTP."""

import json
import subprocess
import sys
import textwrap

import pytest

from consent.domain.entries import subject_of
from consent.domain.vocabulary import Reason
from consent.gateway import Gateway
from consent.services import keys, subjects
from consent.services.notices import publish, switch
from tests.factories import SECRET, SITE, make_notice
from tests.gateway.following import eventually
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


@pytest.mark.parametrize("token", [[None], b"bytes", 0, 7, [7, ""]])
def test_what_is_no_text_is_no_token_rather_than_none(gateway, token):
    """Where only an objection stops, none would be allowed."""
    assert gateway.decide(token, "audience") == (False, Reason.INVALID)


@pytest.mark.parametrize(
    "options",
    [
        {"url": "consent.example"},
        {"name": "edge"},
        {"name": "edge", "api_key": "line\n"},
        {"poll_seconds": 0},
        {"max_stale_seconds": -1},
        {"max_stale_seconds": float("nan")},
        {"max_stale_seconds": float("inf")},
        {"poll_seconds": float("nan")},
    ],
)
def test_what_would_never_decide_or_report_is_refused_at_once(options):
    with pytest.raises(ValueError, match=r"expected|needs"):
        Gateway(**{"url": "https://consent.example", "site": SITE} | options)


def test_it_is_started_once(gateway):
    """Two threads would apply one change twice."""
    with pytest.raises(RuntimeError):
        gateway.start()


def without_first_change(answer):
    told = json.loads(answer)
    return json.dumps(told | {"changes": told["changes"][1:]}).encode()


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
