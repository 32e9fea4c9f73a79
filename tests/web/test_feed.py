"""State, status lists and changes, as gateways ask for them."""

import pytest

from consent.domain.feed import StatusList, unpack_statuses
from tests.factories import SITE
from tests.web.asking import assert_problem, record, withdraw

GRANT = {"analytics": "granted"}


def told(client, path, **headers):
    """Return the JSON at one of the site's addresses."""
    answer = client.get(f"/v1/{SITE}/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_state_tells_what_checks_are_decided_by(client):
    record(client, GRANT)

    state = told(client, "state")

    assert (state["site"], state["size"]) == (SITE, 2)
    assert state["terms"]["purposes"]["marketing"]["sells"] is True
    assert state["terms"]["vendors"] == {"stripe": 0, "matomo": 1, "maps": 2, "ads": 3}
    assert 0 <= state["now"] - state["as_of"] < 60
    [x] = state["keys"].values()
    assert x in {key["x"] for key in client.get("/.well-known/jwks.json").json["keys"]}


def test_the_status_list_has_two_bits_for_each_entry(client):
    first = record(client, GRANT)
    withdraw(client, first["token"])

    lst = told(client, "status/0")

    # A publication, what was withdrawn, the withdrawal, which is in force.
    assert unpack_statuses(StatusList(**lst)) == bytes([0b000101])


def test_who_has_a_status_list_is_not_told_it_again(client):
    token = record(client, GRANT)["token"]
    first = client.get(f"/v1/{SITE}/status/0")
    having = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"/v1/{SITE}/status/0", headers=having)
    withdraw(client, token)
    changed = client.get(f"/v1/{SITE}/status/0", headers=having)

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_changes_tell_what_happened_after_a_number(client):
    first = record(client, GRANT)
    withdraw(client, first["token"])

    after = told(client, "changes?after=0")

    assert after["size"] == 3
    assert after["changes"] == [
        {"number": 1, "status": 0},
        {"number": 2, "status": 0, "previous": 1, "previous_status": 1},
    ]
    assert told(client, "changes?after=2")["changes"] == []


def test_nothing_of_it_tells_who(client):
    record(client, GRANT)

    texts = [client.get(f"/v1/{SITE}/{path}").text for path in PATHS]

    for text in texts:
        assert "subject" not in text
        assert "secret" not in text


PATHS = ("state", "changes?after=-1", "status/0")


@pytest.mark.parametrize("path", PATHS)
def test_no_shared_cache_hides_a_withdrawal(client, path):
    answer = client.get(f"/v1/{SITE}/{path}")

    assert answer.headers["Cache-Control"] in {"no-store", "no-cache"}
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "after", ["1", "999999999999999999999999999", "-2", "", "x", "1.5", "²", "--1"]
)
def test_whoever_cannot_be_told_starts_from_the_state(client, after):
    answer = client.get(f"/v1/{SITE}/changes?after={after}")

    assert_problem(answer, 410, "snapshot_needed")


@pytest.mark.parametrize("index", ["1", "-1", "x", "²", "9" * 30, ""])
def test_there_are_no_other_status_lists(client, index):
    assert_problem(client.get(f"/v1/{SITE}/status/{index}"), 404, "not_found")


@pytest.mark.parametrize("path", PATHS)
def test_there_is_nothing_of_a_site_without_notice(client, path):
    assert_problem(client.get(f"/v1/nobody/{path}"), 404, "unknown_site")


@pytest.mark.parametrize("path", PATHS)
def test_it_is_there_to_be_read_only(client, path):
    answer = client.post(f"/v1/{SITE}/{path}", json={})

    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET"
