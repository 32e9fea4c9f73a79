"""What an operator reads about gateways, and what a cron job does."""

import json

import pytest
from click.testing import CliRunner

from consent.cli.main import cli
from consent.domain.reports import Report
from consent.domain.vocabulary import Reason
from consent.services import gateways
from tests.factories import CHECKPOINT_KEY, SITE, TOKEN_KEY


@pytest.fixture
def listed(shop):
    """Return a function that lists gateways; it returns the exit code and the text."""
    settings = {
        "CONSENT_DATABASE_URL": shop.settings.database_url,
        "CONSENT_TOKEN_KEYS": TOKEN_KEY,
        "CONSENT_CHECKPOINT_KEYS": CHECKPOINT_KEY,
        "CONSENT_CHECKPOINT_GUARD": shop.settings.checkpoint_guard,
    }

    def run(*options):
        result = CliRunner(env=settings).invoke(cli, ["gateways", SITE, *options])
        return result.exit_code, result.stdout

    return run


def report(shop, sequence=1, **changes):
    """Take in what a gateway reports that ends with it."""
    told = {"instance": "0" * 32, "sequence": sequence, "decided": {}, "closed": True}
    gateways.take(shop, SITE, "edge", Report(**told | changes))


def test_gateways_are_listed_with_what_they_did(shop, listed):
    assert listed() == (0, "No gateway has reported.\n")

    report(shop, decided={"analytics": {Reason.GRANTED: 1200, Reason.WITHDRAWN: 7}})

    code, text = listed()
    assert code == 0
    for told in ("edge", "analytics", "today", "7 days", "1,207", "withdrawn 7"):
        assert told in text


def test_an_alarm_is_told_and_is_exit_code_1(shop, listed):
    report(shop, forwarded={"analytics": 2})
    alarm = "events passed on for analytics without being allowed: 2"

    code, text = listed()
    json_code, told = listed("--json")

    assert (code, json_code) == (1, 1)
    assert f"alarm: edge: unchecked: {alarm}" in text
    (standing,) = json.loads(told)
    assert standing["alarms"] == [{"alarm": "unchecked", "detail": alarm}]
    assert standing["work"][0]["today"]["forwarded"] == 2


def test_a_server_that_is_stopped_has_reported_all_its_checks(published):
    with published.serving():
        published.ask("GET", f"/v1/{SITE}/check/marketing")

    (standing,) = json.loads(published.run("gateways", SITE, "--json"))
    assert (standing["gateway"], standing["processes"]) == ("checks", 0)
    assert standing["work"][0]["week"]["denied"] == {"missing": 1}
