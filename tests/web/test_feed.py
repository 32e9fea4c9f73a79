"""State, status lists and changes, as gateways ask for them."""

import gzip
import json

import brotli
import pytest

from consent.domain.feed import StatusList, unpack_statuses
from tests.factories import SITE, fresh_key
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


@pytest.mark.parametrize("path", ["state", "status/0"])
def test_who_has_it_is_not_told_it_again(client, path):
    token = record(client, GRANT)["token"]
    first = client.get(f"/v1/{SITE}/{path}")
    having = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"/v1/{SITE}/{path}", headers=having)
    withdraw(client, token)
    changed = client.get(f"/v1/{SITE}/{path}", headers=having)

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("zstd", None, bytes),
    ],
)
def test_much_is_told_in_few_bytes_to_who_can_read_them(
    client, accepted, encoding, decode
):
    for _ in range(40):
        record(client, GRANT, secret=fresh_key())
    plain = client.get(f"/v1/{SITE}/changes?after=-1").json

    answer = client.get(
        f"/v1/{SITE}/changes?after=-1", headers={"Accept-Encoding": accepted}
    )
    little = client.get(
        f"/v1/{SITE}/changes?after=40", headers={"Accept-Encoding": accepted}
    )

    assert json.loads(decode(answer.data))["changes"] == plain["changes"]
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in little.headers


def test_a_list_tells_how_much_of_the_ledger_it_knows(client):
    """A state of one process and a list of another may not be of the same moment."""
    record(client, GRANT)

    assert client.get(f"/v1/{SITE}/status/0").headers["Ledger-Size"] == "2"


def test_whoever_was_told_of_another_ledger_is_told_so(client):
    record(client, GRANT)
    last_at = told(client, "state")["last_at"]

    assert told(client, f"changes?after=1&last_at={last_at}")["last_at"] == last_at
    answer = client.get(f"/v1/{SITE}/changes?after=1&last_at={last_at - 1}")
    assert_problem(answer, 409, "another_ledger")


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
