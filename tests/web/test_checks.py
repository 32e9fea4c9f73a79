"""Checks that need an API key: by subject, and by the state of an earlier moment."""

import json
import logging
from datetime import timedelta

import pytest

from consent.domain.entries import subject_of
from consent.services import apikeys, subjects
from consent.services.notices import switch
from tests.factories import ORIGIN, SECRET, SITE
from tests.web.asking import assert_problem, record, withdraw

GRANT = {"analytics": "granted", "marketing": "granted"}
SUBJECT = subject_of(SITE, bytes.fromhex(SECRET)).hex()
MOMENT = timedelta(microseconds=1)
FIXTURES = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
on_both = pytest.mark.parametrize("database_url", FIXTURES, indirect=True)


@pytest.fixture
def database_url(request):
    """Return an empty SQLite database, or one of the kind that a test asks for."""
    return request.getfixturevalue(FIXTURES[getattr(request, "param", "sqlite")])


@pytest.fixture
def service(app):
    return app.extensions["consent"]


@pytest.fixture
def key(service):
    """Return the text of an API key to the test site."""
    return apikeys.add(service, SITE, "warehouse")[1]


def checks(client, *asked, key=None, site=SITE):
    """Ask; return the answer."""
    shown = {"Authorization": f"Bearer {key}"} if key else {}
    sent = {"checks": [{"purpose": "analytics"} | one for one in asked]}
    return client.post(f"/v1/{site}/checks", json=sent, headers=shown)


def reasons(client, key, *asked):
    """Ask with a key; return the reasons."""
    answer = checks(client, *asked, key=key)
    assert answer.status_code == 200, answer.text
    return [verdict["reason"] for verdict in answer.json["verdicts"]]


def time_of(service, number, shift=timedelta(0)):
    """Return when an entry was appended, or shortly before or after, as JSON has it."""
    times = {entry.number: entry.at for entry, _ in service.ledger(SITE).entries()}
    return (times[number] + shift).isoformat()


@on_both
def test_a_withdrawal_denies_from_its_moment_on(client, service, key):
    token = record(client, GRANT)["token"]
    withdraw(client, token)
    moments = [
        time_of(service, 1, -MOMENT),
        time_of(service, 1),
        time_of(service, 2, -MOMENT),
        time_of(service, 2),
    ]

    by_token = reasons(client, key, *({"token": token, "at": at} for at in moments))
    by_subject = reasons(
        client, key, *({"subject": SUBJECT, "at": at} for at in moments)
    )

    assert by_token == ["invalid", "granted", "granted", "withdrawn"]
    assert by_subject == ["missing", "granted", "granted", "refused"]


@on_both
def test_who_was_erased_is_denied_for_any_time(client, service, key):
    token = record(client, GRANT)["token"]
    before = time_of(service, 1)
    subjects.erase(service, SITE, bytes.fromhex(SUBJECT))
    asked = [
        {"token": token, "at": before},
        {"subject": SUBJECT, "at": before},
        {"subject": SUBJECT},
        {"subject": SUBJECT, "at": before, "purpose": "audience"},
        {"subject": SUBJECT, "at": before, "purpose": "necessary"},
        {"subject": SUBJECT, "at": before, "purpose": "telepathy"},
    ]

    found = reasons(client, key, *asked)

    assert found == ["withdrawn"] * 4 + ["necessary", "unknown"]


@on_both
def test_several_keys_are_valid_until_each_is_revoked(client, service, key):
    newer, text = apikeys.add(service, SITE, "warehouse, next")
    older = apikeys.all_keys(service, SITE)[0]
    asked = {"subject": SUBJECT}
    assert checks(client, asked, key=text).status_code == 200
    assert checks(client, asked, key=key).status_code == 200

    apikeys.revoke(service, older.id)

    assert checks(client, asked, key=key).status_code == 401
    assert checks(client, asked, key=text).status_code == 200
    listed = apikeys.all_keys(service, SITE)
    assert [bool(one.revoked_at) for one in listed] == [True, False]
    assert listed[1] == newer


def test_by_subject_the_newest_record_counts(client, key):
    token = record(client, GRANT)["token"]
    assert reasons(client, key, {"subject": SUBJECT}) == ["granted"]

    withdraw(client, token, "analytics")

    assert reasons(client, key, {"subject": SUBJECT}) == ["refused"]
    assert reasons(client, key, {"subject": SUBJECT, "purpose": "marketing"}) == [
        "granted"
    ]


def test_a_suspension_counts_while_it_lasted(client, service, key):
    token = record(client, GRANT)["token"]
    for lifted in (False, True):
        switch(service, SITE, purpose="analytics", vendor=None, lifted=lifted)

    asked = [{"token": token, "at": time_of(service, number)} for number in (1, 2, 3)]

    assert reasons(client, key, *asked) == ["granted", "suspended", "granted"]


def test_gpc_is_a_matter_of_each_event(client, key):
    token = record(client, GRANT)["token"]
    asked = {"token": token, "purpose": "marketing"}

    with_key = reasons(client, key, asked, asked | {"gpc": True})
    without = checks(client, asked | {"gpc": True}).json["verdicts"]

    assert with_key == ["granted", "signal"]
    assert [verdict["reason"] for verdict in without] == ["signal"]


def test_nobody_is_uncontested_before_anything_is_known_of_them(client, service, key):
    record(client, GRANT)
    asked = {"at": time_of(service, 0), "purpose": "audience"}

    found = reasons(client, key, asked | {"subject": SUBJECT}, asked)

    assert found == ["missing", "uncontested"]


def test_the_future_is_refused(client, service, key):
    later = (service.clock.now() + timedelta(minutes=1)).isoformat()

    answer = checks(client, {}, {"at": later}, key=key)

    assert_problem(answer, 422, "invalid_check")
    assert answer.json["detail"] == f"checks[1]: at {later} is still to come"


def test_what_is_no_time_or_subject_is_refused(client, key):
    for asked in (
        {"at": "2026-05-01T12:00:00"},
        {"at": "yesterday"},
        {"subject": "00"},
        {"subject": f"{SUBJECT}00"},
    ):
        assert_problem(checks(client, asked, key=key), 400, "malformed_body")


def test_a_token_and_a_subject_are_one_too_many(client, key):
    answer = checks(client, {"subject": SUBJECT, "token": "x"}, key=key)

    assert_problem(answer, 422, "invalid_check")


def test_without_a_key_of_the_site_nothing_is_told(client, service, other, key):
    others = apikeys.add(service, "other", "theirs")[1]
    altered = key[:-1] + ("A" if key[-1] != "A" else "B")

    for asked in ({"subject": SUBJECT}, {"at": "2026-05-01T12:00:00Z"}):
        for shown in (None, others, altered, "consent_"):
            answer = checks(client, {}, asked, key=shown)

            assert_problem(answer, 401, "invalid_api_key")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert checks(client, asked, key=key).status_code == 200
        assert checks(client, asked, key=key, site="other").status_code == 401


def test_a_key_is_neither_kept_nor_logged(client, service, key, caplog):
    caplog.set_level(logging.DEBUG)

    checks(client, {"subject": SUBJECT}, key=key)
    checks(client, {"subject": SUBJECT}, key=f"{key}x")

    assert key not in caplog.text
    assert key.removeprefix("consent_") not in repr(apikeys.all_keys(service, SITE))


def test_a_notice_that_has_not_arrived_here_is_waited_for(client, service, key):
    record(client, GRANT)
    service.follower.state(SITE).terms.clear()

    assert_problem(checks(client, {"subject": SUBJECT}, key=key), 503, "unavailable")


def test_ten_thousand_checks_fit_in_one_request(client):
    token = record(client, GRANT)["token"]
    asked = {"token": token, "vendor": "matomo"}

    answer = checks(client, *[asked] * 10_000)

    assert answer.json["verdicts"] == [{"allowed": True, "reason": "granted"}] * 10_000
    assert_problem(checks(client, *[asked] * 10_001), 400, "malformed_body")
    assert_problem(checks(client, {"token": "x" * 6_291_456}), 413, "body_too_large")


@on_both
def test_so_do_those_about_ten_thousand_subjects(client, key):
    record(client, GRANT)
    subjects_asked = [SUBJECT, *(f"{number:032x}" for number in range(9_999))]

    found = reasons(client, key, *({"subject": one} for one in subjects_asked))

    assert found == ["granted"] + ["withdrawn"] * 9_999


def test_no_checks_have_no_verdicts(client):
    assert checks(client).json == {"verdicts": []}


def test_verdicts_are_sent_as_they_are_found_and_are_no_json_before_the_last(
    client, service
):
    answer = checks(client, *[{"token": "x"}] * 1_000)
    pieces = answer.iter_encoded()
    first = next(pieces)

    service.follower.state(SITE).verifier = None

    with pytest.raises(AttributeError):
        next(pieces)
    assert first.count(b"invalid") < 1_000
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(first)


def test_no_page_may_ask(client):
    """A gateway is no browser: what it is told is for no script of any origin."""
    asking = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}

    for answer in (
        client.post(f"/v1/{SITE}/checks", json={"checks": []}, headers=asking),
        client.options(f"/v1/{SITE}/checks", headers=asking),
        client.get(f"/v1/{SITE}/check/analytics", headers=asking),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-")]
