"""What a token that fell into other hands can do: check and withdraw."""

import json
import re
from itertools import product

import pytest

from tests.factories import NOW, ORIGIN, SITE, fresh_key
from tests.store.concurrency import eventually
from tests.web.asking import record, size, verdict
from tests.web.routes import lane_routes

GRANT = {"analytics": "granted"}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]


def addresses(app, token):
    """Return every address the app has, with the token wherever text fits in."""
    values = {"site": SITE, "purpose": "analytics", "version": 1, "filename": token}
    values |= {"number": 1, "level": "0", "place": "000.p/1"}
    values |= {"link": token, "vendor": "matomo", "gateway": "edge"}
    adapter = app.url_map.bind("localhost")
    built = {
        adapter.build(rule.endpoint, {k: values[k] for k in rule.arguments})
        for rule in app.url_map.iter_rules()
    }
    return sorted(built | {filled(segments) for segments in lane_routes()})


# What only answers about somebody have in them.
OWN = (b'"token"', b"dpv:", b'"decisions"', b"Allowed by you")
# They name what is answered to others, and are the same for everybody.
DESCRIPTIONS = ("/docs", "/openapi.json")


def filled(segments):
    """Return an address of the lane for the test site."""
    values = {"site": SITE, "purpose": "analytics"}
    return "/".join(values.get(name.strip("{}"), name) for name in segments)


def bodies(token):
    """Return what a thief who knows the contract would post."""
    everything = {
        "token": token,
        "secret": token,
        "key": fresh_key(),
        "notice": 1,
        "decisions": {"marketing": "granted"},
        "how": "api",
        "locale": "en",
        "made_at": NOW.isoformat(),
    }
    common = {k: everything[k] for k in ("key", "notice", "decisions", "how", "locale")}
    yield everything
    yield common
    for decision in ("granted", "refused"):
        yield common | {"decisions": {"marketing": decision}, "token": token}
    yield common | {"secret": token}
    yield common | {"secret": token[:32]}
    yield {"token": token}
    yield {"secret": token}
    yield {"checks": [{"purpose": "analytics", "token": token}]}


def test_no_route_but_withdrawals_changes_anything(app, shop):
    token = record(app.test_client(), GRANT)["token"]
    broken = "A" * len(token)
    assert eventually(lambda: is_signed(app, 2))
    told = [
        (method, address, sent)
        for method, address in product(METHODS, addresses(app, token))
        for sent in bodies(token)
        if not (method == "POST" and address.endswith("/withdrawals"))
    ]

    for method, address, sent in told:
        answer = show(app, token, method, address, sent)

        assert answer.status_code < 500, (method, address, sent)
        assert address in DESCRIPTIONS or not any(word in answer.data for word in OWN)
        if answer.status_code < 400 and "/check" not in address:
            worthless = address.replace(token, broken), replaced(sent, token, broken)
            stranger = show(app, broken, method, *worthless)
            assert told_by(answer) == told_by(stranger), (method, address, sent)

    assert size(shop) == 2
    assert verdict(app.test_client(), "analytics", token) == (200, "granted")


def show(app, token, method, address, sent):
    """Ask for something, the token shown wherever one may be looked for."""
    client = app.test_client()
    client.set_cookie(f"consent_{SITE}", token)
    client.set_cookie("consent_session", token)
    headers = {"Origin": ORIGIN, "Consent-Token": token, "Consent-Secret": token}
    return client.open(
        address,
        method=method,
        data=json.dumps(sent),
        content_type="text/plain",
        headers=headers | {"Authorization": f"Bearer {token}"},
    )


def replaced(sent, token, other):
    """Return a body with another token in it."""
    return json.loads(json.dumps(sent).replace(token, other))


def told_by(answer):
    """Return what an answer tells, less what is made anew each time."""
    made_anew = rb'value="[^"]*"|"(now|as_of)":[\d.]+'
    return answer.status_code, re.sub(made_anew, b"", answer.data)


def is_signed(app, size):
    """Tell whether the newest checkpoint covers so many entries."""
    note = app.test_client().get(f"/v1/{SITE}/ledger/checkpoint").text
    return note.split("\n")[1:2] == [str(size)]


@pytest.mark.parametrize("purpose", ["analytics", "marketing"])
def test_it_never_gets_a_newer_token(client, purpose):
    """A withdrawal with a numbered token is answered without one."""
    token = record(client, GRANT)["token"]

    answer = client.post(
        f"/v1/{SITE}/withdrawals",
        data=json.dumps({"token": token, "key": fresh_key(), "purposes": [purpose]}),
        content_type="text/plain",
        headers={"Origin": ORIGIN},
    )

    assert answer.status_code == 201
    assert "token" not in answer.json


def test_the_session_and_the_cookies_are_no_authority_for_posts(client, shop):
    """JSON posts take authority from the body: no page can make a browser act."""
    record(client, GRANT)
    client.set_cookie("consent_shop_secret", "0123456789abcdef" * 2)

    answer = client.post(
        f"/v1/{SITE}/head",
        data="{}",
        content_type="text/plain",
        headers={"Origin": ORIGIN},
    )

    assert answer.status_code == 422
    assert size(shop) == 2
