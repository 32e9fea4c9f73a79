"""A site that asks nobody: everything optional is off, whoever comes with whatever."""

import pytest

from consent.domain.vocabulary import Regime
from consent.services.notices import publish
from tests.factories import SECRET, body, make_notice, text
from tests.web.asking import assert_problem, post, record, verdict
from tests.web.filling import PAGE, hand_over, see, state

OPTIONAL = ("analytics", "marketing", "audience")


@pytest.fixture
def granted(client):
    """Return the token of somebody who allowed everything when it was asked."""
    return record(client, dict.fromkeys(OPTIONAL, "granted"))["token"]


@pytest.fixture
def closed(app, granted):
    """Ask nobody any more."""
    runtime = app.extensions["consent"]
    statement = text("For children.")
    publish(runtime, make_notice(never_ask=True, age_statement=statement))
    return runtime


def test_nothing_optional_runs_by_whatever_was_said_before(client, closed, granted):
    for purpose in OPTIONAL:
        assert verdict(client, purpose) == (403, "unknown")
        assert verdict(client, purpose, granted) == (403, "unknown")
    assert verdict(client, "necessary") == (200, "necessary")


def test_nobody_can_allow_anything(client, closed):
    answer = post(client, "records", body({"analytics": "granted"}, notice=2))

    assert_problem(answer, 422, "invalid_choice")


def test_the_page_says_why_and_offers_nothing_to_decide(client, closed):
    page = hand_over(client, SECRET)

    assert "Nothing is allowed now" in page
    assert "This site asks nobody for permission" in page
    for purpose in OPTIONAL:
        assert state(page, purpose) == "Off for everyone: this site asks nobody."
        assert f'action="{PAGE}/{purpose}"' not in page


def test_the_banner_has_nothing_to_ask_about(closed):
    config = closed.follower.state("shop").publication.scripts["en"].config

    assert [purpose["id"] for purpose in config["purposes"]] == ["necessary"]
    assert "gpc" not in config


def test_it_holds_what_it_blocks_and_offers_no_way_past(closed):
    closing = {"never_ask": True, "embeds": True, "blocking": "hold"}
    publish(closed, make_notice(**closing))

    config = closed.follower.state("shop").publication.scripts["en"].config
    assert "blocking" in config
    assert "embeds" not in config


@pytest.mark.parametrize("regime", [Regime.OPT_OUT, Regime.INFORM])
def test_where_no_law_asks_for_a_question_nothing_runs_either(client, app, regime):
    runtime = app.extensions["consent"]
    publish(runtime, make_notice(never_ask=True, regime=regime))

    script = client.get("/shop/banner.js")

    assert script.status_code == 200
    assert verdict(client, "analytics") == (403, "unknown")
    assert state(see(client), "analytics").startswith("Off for everyone")


def test_who_is_asked_again_later_decides_anew(client, closed, granted):
    publish(closed, make_notice())

    assert verdict(client, "analytics", granted) == (403, "outdated")


def test_the_age_statement_is_shown_in_the_language_of_the_page(client, closed):
    assert "<p>For children.</p>" in see(client)
    assert "<p>For children. (de)</p>" in client.get(f"{PAGE}?lang=de").text


def test_a_site_that_says_neither_has_neither(client, shop):
    page = see(client)

    assert 'id="age-title"' not in page
    assert "asks nobody" not in page
