"""Who may tell where a visitor is, and what follows from it."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from consent.domain.issuing import common_token, default_token
from consent.domain.tokens import read_unverified
from consent.domain.vocabulary import Regime
from consent.services.notices import publish
from tests.factories import ORIGIN, body, make_notice
from tests.web.asking import assert_problem, verdict

REGIONS = {"EEA": "opt-in", "US-CA": "opt-out", "*": "inform"}
HEADER = "X-Region"
NO = {"marketing": "refused"}


@pytest.fixture
def several(app):
    """Publish a notice whose regime depends on the region."""
    runtime = app.extensions["consent"]
    publish(runtime, make_notice(regime=None, regimes=REGIONS))
    return runtime


def regime_of(script):
    return script.partition('"regime":"')[2].partition('"')[0]


def script(client, query="", **headers):
    return client.get(f"/shop/banner.js{query}", headers=headers)


def asked_in(client, region, act, sent):
    """Post to the service from a page whose address names the region."""
    path = f"/v1/shop/{act}?region={region}"
    headers = {"Origin": ORIGIN, "Content-Type": "text/plain"}
    return client.post(path, data=json.dumps(sent), headers=headers)


def recorded(runtime):
    return [found for _, found in runtime.ledger("shop").entries()][-1]


def test_a_header_counts_only_where_the_operator_trusts_one(client, several):
    answer = script(client, **{HEADER: "US-CA", "CF-IPCountry": "US"})

    assert regime_of(answer.text) == "opt-in"


@pytest.mark.parametrize(
    ("said", "regime"),
    [("US-CA", "opt-out"), ("JP", "inform"), ("SE", "opt-in"), ("XX", "opt-in")],
)
def test_a_trusted_header_tells_the_regime(client, several, trusting, said, regime):
    answer = script(trusting, **{HEADER: said})

    assert regime_of(answer.text) == regime
    assert answer.headers["Cache-Control"] == "private, max-age=300"


def test_beside_a_trusted_header_the_address_tells_nothing(several, trusting):
    answer = script(trusting, "?region=US-CA")

    assert regime_of(answer.text) == "opt-in"
    assert answer.headers["Cache-Control"].startswith("private")


@pytest.fixture
def trusting(several, client, monkeypatch):
    """Return a client of the service that trusts a header."""
    settings = several.settings
    monkeypatch.setitem(settings.__dict__, "region_header", HEADER)
    return client


@pytest.mark.parametrize(
    ("region", "asked", "regime"),
    [
        ("US-CA", None, "opt-out"),
        ("DE", None, "opt-in"),
        ("JP", None, "inform"),
        ("", None, "opt-in"),
        ("JP", "opt-in", "opt-in"),
        ("US-CA", "opt-in", "opt-in"),
        ("DE", "opt-out", "opt-in"),
        ("US-CA", "inform", "opt-out"),
    ],
)
def test_a_record_says_the_strictest_of_what_is_and_what_was_shown(
    client, several, region, asked, regime
):
    sent = body(NO, secret=None, notice=2) | ({"regime": asked} if asked else {})

    answer = asked_in(client, region, "records", sent)

    assert answer.status_code == 201
    assert recorded(several).regime == regime


def test_a_regime_that_holds_nowhere_is_refused(client, app):
    runtime = app.extensions["consent"]
    regimes = {"EEA": "opt-in", "*": "opt-out"}
    publish(runtime, make_notice(regime=None, regimes=regimes))
    sent = body(NO, secret=None, notice=2) | {"regime": "inform"}

    assert_problem(asked_in(client, "US", "records", sent), 422, "invalid_choice")


def test_the_same_choice_sent_again_from_elsewhere_is_the_same(client, several):
    sent = body(NO, secret=None, notice=2)

    first, again = (
        asked_in(client, region, "records", sent).json for region in ("US-CA", "DE")
    )

    assert first == again


def test_an_opt_out_refuses_what_it_names_and_allows_the_rest(client, several):
    sent = body(NO, secret=None, notice=2)

    token = asked_in(client, "US-CA", "records", sent).json["token"]

    assert verdict(client, "marketing", token) == (403, "refused")
    assert verdict(client, "analytics", token) == (200, "default")


@pytest.mark.parametrize(
    ("regime", "region", "analytics"),
    [
        ("opt-out", "US-CA", (200, "default")),
        ("inform", "JP", (200, "default")),
        ("opt-out", "DE", (403, "refused")),
    ],
)
def test_a_common_token_is_renewed_by_what_holds_now(
    client, several, regime, region, analytics
):
    terms = several.follower.state("shop").in_force
    long_ago = several.clock.now() - timedelta(days=380)
    old = common_token(terms, long_ago, Regime(regime), refused={"marketing"})
    size = several.follower.state("shop").size

    answer = asked_in(client, region, "head", {"token": several.sign(old)}).json

    renewed = read_unverified(answer["token"])[1]
    assert renewed.issued > old.expires - 366 * 86_400
    assert verdict(client, "marketing", answer["token"]) == (403, "refused")
    assert verdict(client, "analytics", answer["token"]) == analytics
    assert several.follower.state("shop").size == size


def test_who_was_told_gets_an_answer_out_of_what_was_handed_out(client, several):
    terms = several.follower.state("shop").in_force
    now = several.clock.now()
    handed_out = default_token(terms, now, Regime.INFORM, gpc=False)

    sent = {"token": several.sign(handed_out)}
    answer = asked_in(client, "JP", "head", sent).json

    assert not read_unverified(answer["token"])[1].is_default
    assert verdict(client, "analytics", answer["token"]) == (200, "default")
    assert answer["decisions"] == {}


def test_a_refusal_under_opt_in_keeps_its_term(client, several):
    terms = several.follower.state("shop").in_force
    long_ago = several.clock.now() - timedelta(days=170)
    old = several.sign(common_token(terms, long_ago, Regime.OPT_IN))

    assert asked_in(client, "DE", "head", {"token": old}).json["token"] == old


def test_what_is_said_in_the_preference_center_is_said_in_the_same_region(
    client, several
):
    page = client.get("/shop/preferences?region=US-CA").text
    named = re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', field_set(page))
    act = re.search(r'action="([^"]*/marketing[^"]*)"', page)[1]

    sent = dict(named) | {"decision": "refused"}
    client.post(unescape(act), data=sent, follow_redirects=True)

    assert recorded(several).regime == "opt-out"


def field_set(page):
    """Return the form that decides about marketing."""
    return page.partition("/preferences/marketing")[2].partition("</form>")[0]


@pytest.mark.parametrize(
    ("regime", "signal", "told"),
    [
        ("opt-in", None, "Not allowed: you have not decided."),
        ("opt-out", None, "On, until you say no in the settings on the site itself."),
        ("opt-out", "1", "Off: your browser asks not to sell or share your data"),
        ("inform", None, "On, until you say no in the settings on the site itself."),
    ],
)
def test_the_preference_center_tells_what_runs_by_default(
    client, app, regime, signal, told
):
    publish(app.extensions["consent"], make_notice(regime=regime))

    page = client.get(
        "/shop/preferences", headers={"Sec-GPC": signal} if signal else {}
    ).text

    marketing = page.partition('data-testid="state-marketing"')[2]
    assert told in marketing.partition("</p>")[0]
