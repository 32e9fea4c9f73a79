"""On the site's own host the service sets the cookies that the script would."""

import json

import pytest

from consent.services.notices import publish
from tests.factories import ORIGIN, OTHER_ORIGIN, SECRET, body, make_notice
from tests.web.filling import decide, see, state

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
