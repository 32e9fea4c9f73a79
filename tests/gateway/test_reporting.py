"""Gateways in programs report what they decided: all of it, once, and no token."""

import subprocess
import sys
import textwrap
from datetime import timedelta

import msgspec
import pytest

from consent.domain.enforcement import Alarm
from consent.services import apikeys
from consent.services.gateways import standings
from tests.factories import SECRET, SITE
from tests.gateway.following import eventually, serving
from tests.web.asking import record, withdraw

GRANT = {"analytics": "granted", "marketing": "granted"}


@pytest.fixture
def token(client):
    return record(client, GRANT)["token"]


@pytest.fixture
def key(shop):
    return apikeys.add(shop, SITE, "edge")[1]


@pytest.fixture
def reporting(make_gateway, key):
    """Return a function that starts a gateway that reports and has heard."""

    def make(**options):
        gateway = make_gateway(
            **{"name": "edge", "api_key": key, "report_seconds": 0.05} | options
        )
        assert gateway.wait(10)
        return gateway

    return make


@pytest.fixture
def today(shop):
    """Return a function that tells what analytics came to, by the reports."""

    def read():
        works = [work for one in standings(shop, SITE) for work in one.work]
        sums = [work.today for work in works if work.purpose == "analytics"]
        return (sums[0].allowed, sums[0].denied, sums[0].forwarded) if sums else None

    return read


def test_counts_are_those_of_what_was_decided_and_passed_on(
    client, shop, sql, reporting, token, today
):
    gateway = reporting()
    for _ in range(3):
        assert gateway.decide(token, "analytics").allowed
        gateway.forwarded("analytics")
    withdraw(client, token)
    eventually(lambda: gateway.decide(token, "marketing").reason, "withdrawn")
    gateway.decide(token, "analytics")
    gateway.decide("forged", "analytics")
    gateway.decide(None, SECRET)

    eventually(today, (3, {"withdrawn": 1, "invalid": 1}, 3))
    (found,) = standings(shop, SITE)
    assert found.alarms == []
    assert (found.processes, found.behind) == (1, 0)
    assert found.lag_seconds < 10
    tables = ("gateway_process", "gateway_count")
    kept = repr([sql(f"SELECT * FROM {name}") for name in tables])  # noqa: S608
    assert "withdrawn" in kept
    assert token not in kept
    assert SECRET not in kept


def test_an_answer_that_is_lost_makes_nothing_count_twice(
    reporting, between, token, today
):
    lost = []

    def lose(path, answer):
        if "/gateways/" not in path or len(lost) == 3:
            return answer
        return lost.append(path)

    between.spoil = lose
    gateway = reporting()
    gateway.decide(token, "analytics")

    eventually(lambda: len(lost), 3)
    gateway.close()

    assert today() == (1, {}, 0)


def test_what_was_counted_while_the_service_was_down_is_told_when_it_is_back(
    reporting, app, free_port, token, today
):
    with serving(app, free_port) as url:
        gateway = reporting(url=url)
    for _ in range(5):
        gateway.decide(token, "analytics")
    assert today() is None

    with serving(app, free_port):
        eventually(today, (5, {}, 0))


def test_with_a_wrong_key_nothing_is_reported_and_decisions_go_on(
    reporting, shop, token
):
    gateway = reporting(api_key="consent_wrong")

    assert gateway.decide(token, "analytics").allowed
    gateway.close()

    assert standings(shop, SITE) == []


def test_who_closes_reports_what_is_left_and_is_no_alarm(reporting, shop, token, today):
    gateway = reporting(report_seconds=30)
    gateway.decide(token, "analytics")
    gateway.forwarded("analytics", 2)
    gateway.close()

    assert today() == (1, {}, 2)
    (found,) = standings(shop, SITE)
    assert found.processes == 0
    assert [one.alarm for one in found.alarms] == [Alarm.UNCHECKED]


def test_a_gateway_that_stopped_following_is_an_alarm(
    reporting, shop, between, monkeypatch
):
    reporting()
    eventually(lambda: len(standings(shop, SITE)), 1)

    later = shop.clock.now() + timedelta(seconds=62)
    monkeypatch.setattr(type(shop.clock), "now", lambda clock: later)

    assert [one.alarm for one in standings(shop, SITE)[0].alarms] == [Alarm.SILENT]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Edge 1"},
        {"report_seconds": 60},
        {"api_key": None},
        {"api_key": "key\n"},
        {"max_stale_seconds": 0},
    ],
)
def test_what_could_not_be_heard_of_is_refused_at_once(make_gateway, changes):
    with pytest.raises((ValueError, msgspec.ValidationError)):
        make_gateway(**{"name": "edge", "api_key": "key"} | changes)


FORKED = """
    import os, sys
    from consent.gateway import Gateway

    url, token, key = sys.argv[1:]
    gateway = Gateway(url, "shop", poll_seconds=0.02, name="edge", api_key=key)
    gateway.start()
    assert gateway.wait(10)
    gateway.decide(token, "analytics")
    child = os.fork()
    assert gateway.wait(10)
    gateway.decide(token, "analytics")
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_processes_report_each_their_own_when_they_end(
    address, shop, token, key, today, sql
):
    """Neither closes its gateway: what is left is reported when a program ends."""
    script = [sys.executable, "-c", textwrap.dedent(FORKED), address, token, key]

    assert subprocess.run(script, check=False, timeout=60).returncode == 0

    assert today() == (3, {}, 0)
    assert len(sql("SELECT instance FROM gateway_process WHERE closed")) == 2
