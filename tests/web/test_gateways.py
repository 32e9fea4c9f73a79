"""What gateways report, and what the service reports of its own checks."""

import json

import pytest

from consent.services import apikeys, gateways, ownreports
from tests.factories import SITE
from tests.store.concurrency import eventually
from tests.web.asking import assert_problem, record, verdict

REPORT = {
    "instance": "0" * 32,
    "sequence": 1,
    "decided": {"analytics": {"granted": 3, "withdrawn": 1}},
    "forwarded": {"analytics": 3},
    "position": {"size": 1, "as_of": 1_750_000_000.5},
}


@pytest.fixture
def key(shop):
    return apikeys.add(shop, SITE, "edge")[1]


@pytest.fixture
def report(client, key):
    """Return a function that posts a report."""

    def post(key=key, name="edge", site=SITE, **changes):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return client.post(
            f"/v1/{site}/gateways/{name}",
            data=json.dumps(REPORT | changes),
            content_type="application/json",
            headers=headers,
        )

    return post


@pytest.fixture
def kept(sql):
    """Return a function that returns every row that reports left behind."""
    tables = ("gateway_process", "gateway_count")
    return lambda: [row for name in tables for row in sql(f"SELECT * FROM {name}")]  # noqa: S608


def test_a_report_is_summed_up_once(shop, report):
    assert report().status_code == report().status_code == 204
    report(sequence=2)

    (standing,) = gateways.standings(shop, SITE)
    (work,) = standing.work
    assert (work.today.checked, work.today.allowed, work.today.forwarded) == (8, 6, 6)
    assert work.today.denied == {"withdrawn": 2}


def test_without_a_key_of_the_site_nothing_is_kept(shop, other, report, kept):
    revoked, text = apikeys.add(shop, SITE, "revoked")
    apikeys.revoke(shop, revoked.id)
    elsewhere = apikeys.add(shop, "other", "elsewhere")[1]

    for key in (None, "consent_wrong", text, elsewhere):
        assert_problem(report(key=key), 401, "invalid_api_key")

    assert kept() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"decided": {"analytics": {"granted": -1}}},
        {"decided": {"analytics": {"granted": 10**13}}},
        {"decided": {"analytics": {"liked": 1}}},
        {"decided": {"somebody@shop.example": {"granted": 1}}},
        {"decided": {f"purpose-{n}": {} for n in range(201)}},
        {"forwarded": {"analytics": 0}},
        {"instance": "somebody@shop.example"},
        {"sequence": -1},
        {"position": {"size": 1, "as_of": 1e300}},
        {"visitor": "4711"},
    ],
)
def test_what_is_no_report_is_refused(report, kept, changes):
    assert_problem(report(**changes), 400, "malformed_body")
    assert kept() == []


def test_it_needs_a_site_and_a_name_that_gateways_may_have(report, kept):
    assert_problem(report(site="nowhere"), 404, "unknown_site")
    for name in ("Edge", "4711", "e" * 33, "somebody@shop.example"):
        assert_problem(report(name=name), 404, "not_found")
    assert kept() == []


def test_the_checks_of_proxies_are_counted_and_nobody_in_them(app, client, shop, kept):
    told = record(client, {"analytics": "granted"})
    for purpose in ("analytics", "analytics", "marketing", "visitor-4711"):
        verdict(client, purpose, told["token"])
    verdict(client, "analytics")

    app.extensions["consent"].before_closing.close()

    (standing,) = gateways.standings(shop, SITE)
    assert (standing.gateway, standing.processes) == ("checks", 0)
    assert {work.purpose: work.today.allowed for work in standing.work} == {
        "": 0,
        "analytics": 2,
        "marketing": 0,
    }
    assert standing.work[1].today.denied == {"missing": 1}
    assert "4711" not in repr(kept())
    assert told["token"] not in repr(kept())


@pytest.fixture
def quick(monkeypatch):
    """Let the service report its own checks all the time."""
    monkeypatch.setattr(ownreports, "REPORT_SECONDS", 0.01)


def test_the_service_is_a_gateway_that_follows(quick, client, shop):
    verdict(client, "analytics")

    assert eventually(lambda: gateways.standings(shop, SITE))

    (standing,) = gateways.standings(shop, SITE)
    assert (standing.processes, standing.behind, standing.alarms) == (1, 0, [])


def test_checks_that_cannot_be_written_down_now_are_later(
    quick, client, shop, sql, caplog
):
    sql("ALTER TABLE gateway_process RENAME TO away")
    verdict(client, "analytics")
    assert eventually(lambda: "checks of shop are not reported" in caplog.text)

    sql("ALTER TABLE away RENAME TO gateway_process")

    assert eventually(lambda: gateways.standings(shop, SITE))
    (standing,) = gateways.standings(shop, SITE)
    assert standing.work[0].today.denied == {"missing": 1}
