"""On the site's own host the service sets the cookies that the script would."""

import json

import pytest

from consent.services.notices import publish
from tests.factories import ORIGIN, OTHER_ORIGIN, SECRET, body, make_notice
from tests.web.asking import verdict
from tests.web.filling import PAGE, decide, see, state

HOME = "http://localhost"
GRANT = {"analytics": "granted"}
HELD = "consent_shop_secret"


@pytest.fixture
def mounted(client, app):
    """A browser of sorts to which the service is on the site's own host."""
    notice = make_notice(origins=[ORIGIN, HOME], cookie_domain=None)
    publish(app.extensions["consent"], notice)
    return client


def post(client, act, sent, host):
    """Post from one of the site's pages to the service on a host."""
    return client.post(
        f"/v1/shop/{act}",
        base_url=host,
        data=json.dumps(sent),
        content_type="text/plain",
        headers={"Origin": ORIGIN},
    )


def kept(answer):
    """Return the cookies of the site that an answer sets, with what is said of each."""
    lines = [line.split("; ") for line in answer.headers.getlist("Set-Cookie")]
    return {
        first.partition("=")[0]: (first.partition("=")[2], {*more})
        for first, *more in lines
        if first.startswith("consent_shop")
    }


def test_a_grant_is_kept_with_its_secret_as_the_script_keeps_it(client):
    answer = post(client, "records", body(GRANT, secret=SECRET), ORIGIN)

    cookies = kept(answer)
    assert {name: value for name, (value, _) in cookies.items()} == {
        "consent_shop": answer.json["token"],
        HELD: SECRET,
    }
    for _, said in cookies.values():
        assert said >= {"Secure", "Max-Age=34560000", "Path=/", "SameSite=Lax"}
        assert "HttpOnly" not in said


def test_a_no_is_kept_without_a_secret(client):
    answer = post(client, "records", body({"analytics": "refused"}), ORIGIN)

    assert {*kept(answer)} == {"consent_shop"}


def test_a_new_head_is_kept_too(client):
    token = post(client, "records", body(GRANT, secret=SECRET), ORIGIN).json["token"]

    answer = post(client, "head", {"secret": SECRET}, ORIGIN)

    assert kept(answer)["consent_shop"][0] == token


@pytest.mark.parametrize("host", ["https://consent.example", OTHER_ORIGIN])
def test_on_any_other_host_nothing_is_set(client, host):
    answer = post(client, "records", body(GRANT, secret=SECRET), host)

    assert answer.status_code == 201
    assert kept(answer) == {}


def test_the_preference_center_shows_the_answer_without_any_hand_over(mounted):
    post(mounted, "records", body(GRANT, secret=SECRET, notice=2), HOME)

    assert state(see(mounted), "analytics").startswith("Allowed by you on ")


def test_what_is_decided_there_is_what_the_pages_find(mounted):
    post(mounted, "records", body(GRANT, secret=SECRET, notice=2), HOME)
    before = mounted.get_cookie("consent_shop").value

    decide(mounted, "analytics", "refused")

    assert mounted.get_cookie("consent_shop").value != before
    assert mounted.get_cookie(HELD).value == SECRET


@pytest.mark.parametrize("secret", ["", "x", "0" * 33, "é" * 16])
def test_a_cookie_that_is_no_secret_is_nobodys(mounted, secret):
    mounted.set_cookie(HELD, secret)

    assert state(see(mounted), "analytics") == "Not allowed: you have not decided."


def test_elsewhere_a_cookie_of_that_name_gives_no_authority(client):
    """A page of a neighbouring host could have set it."""
    post(client, "records", body(GRANT, secret=SECRET), "https://consent.example")
    client.set_cookie(HELD, SECRET)

    assert state(see(client), "analytics") == "Not allowed: you have not decided."


def test_each_no_said_there_stands_beside_the_others(client, app):
    """Outside of opt-in a token with one no only would allow what was refused."""
    notice = make_notice(origins=[ORIGIN, HOME], regime="opt-out")
    publish(app.extensions["consent"], notice)

    decide(client, "analytics", "refused")
    decide(client, "marketing", "refused")

    token = client.get_cookie("consent_shop").value
    assert verdict(client, "analytics", token) == (403, "refused")
    assert verdict(client, "marketing", token) == (403, "refused")
    assert verdict(client, "audience", token) == (200, "default")


@pytest.mark.parametrize("regime", ["opt-in", "opt-out"])
def test_a_no_said_in_the_banner_is_known_there(client, app, regime):
    notice = make_notice(origins=[ORIGIN, HOME], regime=regime)
    publish(app.extensions["consent"], notice)
    post(client, "records", body({"analytics": "refused"}, notice=2), HOME)

    page = see(client)

    assert state(page, "analytics") == "Not allowed: you said no."
    assert "This page does not know your answer" not in page
    assert "in this window only" not in page


def test_what_is_merely_the_default_nobody_refused(client, app):
    notice = make_notice(origins=[ORIGIN, HOME], regime="opt-out")
    publish(app.extensions["consent"], notice)
    gpc = body({"audience": "objected"}, notice=2, gpc=True)
    post(client, "records", gpc, HOME)

    page = client.get(PAGE, headers={"Sec-GPC": "1"}).text

    assert state(page, "audience") == "Not allowed: you said no."
    assert "Global Privacy Control" in state(page, "marketing")


@pytest.mark.parametrize("text", ["pending", "x.y.z", "é"])
def test_a_cookie_that_is_no_token_refuses_nothing(mounted, text):
    mounted.set_cookie("consent_shop", text)

    assert state(see(mounted), "analytics") == "Not allowed: you have not decided."


def test_who_knows_the_answer_needs_no_way_back(mounted):
    page = see(mounted)

    assert "Without JavaScript" not in page
    assert "come here by the link on the site itself" not in page
