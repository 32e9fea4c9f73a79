import json
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import consent
from consent.settings import ASSETS
from tests.factories import ORIGIN, body, fresh_key, site_file
from tests.running import Service
from tests.store.concurrency import eventually


@pytest.fixture
def service(tmp_path, free_port, sqlite_url):
    return Service(tmp_path, free_port, sqlite_url)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a site file."""

    def written(**changes):
        path = tmp_path / "shop.yaml"
        path.write_text(yaml.safe_dump(site_file(**changes)))
        return path

    return written


@pytest.fixture
def published(service, write):
    service.set_up(write())
    return service


def test_publishing_twice_is_publishing_once(published, write):
    again = published.run("site", "publish", write())

    assert "is published already; nothing changed" in again


def test_a_faulty_file_is_told_with_its_line_and_is_not_published(published, write):
    path = write(regime="opt")

    failed = published.fails("site", "publish", path)

    assert "invalid_site" in failed
    assert f"{path}:" in failed
    assert "regime: expected one of inform, opt-in, opt-out" in failed
    assert "notice 1" in published.run("ledger", "show", "shop")


def test_validate_needs_no_database(service, write):
    assert "valid; 4 purposes, 4 vendors" in service.run("site", "validate", write())


def test_the_switch_is_in_the_ledger(published):
    published.run("suspend", "shop", "analytics")
    again = published.run("suspend", "shop", "analytics")
    published.run("resume", "shop", "analytics")
    published.run("suspend", "shop", "--vendor", "ads")

    shown = published.run("ledger", "show", "shop")
    assert "nothing changed" in again
    for line in ("analytics suspended", "analytics resumed", ":ads suspended"):
        assert line in shown


def test_a_ledger_is_shown_and_rebuilt(published):
    shown = published.run("ledger", "show", "shop")
    rebuilt = published.run("ledger", "rebuild", "shop")

    assert "publication" in shown
    assert "1 entries refolded, 0 faults" in rebuilt


def test_keys_are_made_listed_and_retired(published):
    kid = published.run("keys", "add", "--use", "token").split()[2]
    published.run("keys", "retire", kid)
    listed = published.run("keys", "list")
    path = published.folder / "token-keys"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().split()) == 2
    assert kid in listed


def test_a_running_server_signs_no_longer_with_a_key_that_is_retired(published):
    """And records nothing that it could not answer with a token."""
    newer = published.run("keys", "add", "--use", "token").split()[2]

    with published.serving():
        (older,) = {*public_kids(published)} - {newer}
        token = recorded(published)
        published.run("keys", "retire", newer)
        assert eventually(lambda: kid(recorded(published)) == older)
        retired = check(published, token), public_kids(published)

        published.run("keys", "retire", newer, "--compromised")
        assert eventually(lambda: check(published, token) == "invalid")
        distrusted = public_kids(published)

        published.run("keys", "retire", older)
        assert eventually(lambda: published.ask("GET", "/readyz")[0] == 503)
        status, answer = post(published)

    assert kid(token) == newer
    assert retired == ("granted", [older, newer])
    assert distrusted == [older]
    assert (status, answer["type"]) == (503, "urn:consent:missing_key")


def post(service):
    """Post a choice of somebody new; return status and document of the answer."""
    sent = body({"analytics": "granted"}, secret=fresh_key())
    origin = {"Origin": ORIGIN}
    status, _, text = service.ask("POST", "/v1/shop/records", sent, origin)
    return status, json.loads(text)


def recorded(service):
    """Record a choice of somebody new; return the token."""
    status, answer = post(service)
    assert status == 201, answer
    return answer["token"]


def kid(token):
    """Return the id of the key that signed a token."""
    return token.partition(".")[0]


def check(service, token):
    """Return the reason of the verdict on analytics."""
    shown = {"Consent-Token": token}
    answer = service.ask("GET", "/v1/shop/check/analytics", headers=shown)
    return answer[1]["Consent-Verdict"]


def public_kids(service):
    """Return the ids of the keys that verify tokens, oldest first."""
    _, _, text = service.ask("GET", "/.well-known/jwks.json")
    return [key["kid"] for key in json.loads(text)["keys"]]


@pytest.mark.parametrize("kid", ["x", "-x", "-abch_-x", "--help-x"])
def test_a_key_nobody_made_cannot_be_retired(published, kid):
    """A key id may begin with a dash, and is no option for all that."""
    assert f"there is no key {kid}" in published.fails("keys", "retire", kid)


def test_a_token_that_begins_like_an_option_is_a_token_still(published):
    assert "expected kid.payload.signature" in published.fails("token", "read", "-h.x")


def test_a_token_is_printed_for_people(published):
    with published.serving():
        token = recorded(published)

    printed = published.run("token", "read", token)

    for line in ("shop", "analytics", "allowed", "valid", "in force"):
        assert line in printed


def test_what_is_no_token_is_told(published):
    assert "expected kid.payload.signature" in published.fails("token", "read", "x")


def test_an_unknown_site_is_told(published):
    assert "there is no site 'nowhere'" in published.fails("ledger", "show", "nowhere")


def test_a_wrong_setting_stops_every_command_by_name(service):
    failed = service.fails("migrate", CONSENT_PORT="http")

    assert "CONSENT_PORT: expected a whole number" in failed


def test_an_old_schema_is_told(service, write):
    assert "run `consent migrate`" in service.fails("site", "publish", write())


def test_serving_needs_a_secret_for_pages(published):
    failed = published.fails("serve", CONSENT_SECRET_KEYS="")

    assert "CONSENT_SECRET_KEYS: expected at least one secret" in failed


def test_a_place_that_is_taken_stops_the_start(published):
    """Else two services would answer in turns, each from its own ledger."""
    with published.serving():
        said = published.fails("serve")

    assert "CONSENT_HOST or CONSENT_PORT" in said


@pytest.mark.parametrize("host", ["not-a-host.invalid", "999.1.1.1"])
def test_a_host_that_is_none_is_named(published, host):
    assert "CONSENT_HOST" in published.fails("serve", CONSENT_HOST=host)


@pytest.fixture
def later_release(service, tmp_path):
    """Return the same service as its next release has it, with another banner."""
    folder = tmp_path / "later"
    shutil.copytree(Path(consent.__file__).parent, folder / "consent")
    for name in ("templates", "translations", "static/dist"):
        shutil.copytree(ASSETS / name, folder / "consent" / "assets" / name)
    banner = folder / "consent" / "assets" / "static" / "dist" / "banner.js"
    banner.write_text(f"{banner.read_text('utf-8')}/* later */\n", "utf-8")
    command = ("env", f"PYTHONPATH={folder}", *service.command)
    return replace(service, command=command)


def choose(service, **changes):
    """Record a choice; return its number, as text."""
    with service.serving():
        sent = body({"analytics": "granted"}, layout="box", **changes)
        origin = {"Origin": site_file()["origins"][0]}
        _, _, answer = service.ask("POST", "/v1/shop/records", sent, origin)
    return str(json.loads(answer)["number"])


def test_a_record_is_replayed_and_drawn(published):
    number = choose(published, locale="de")
    page = published.folder / "replay.html"

    told = published.run("replay", "shop", number, "--html", page)

    for line in (
        "1, entry 0",
        "Ihre Wahl zu Cookies",
        "Alle ablehnen (class consent-banner__button, one size)",
        "analytics title (de): granted",
        "Exactly what was served",
    ):
        assert line in told
    assert told.index("Alle ablehnen") < told.index("Alle akzeptieren")
    assert "Alle ablehnen" in page.read_text("utf-8")


def test_a_number_without_record_is_told(published):
    assert "shop has no record 0" in published.fails("replay", "shop", "0")
    assert "shop has no record 7" in published.fails("replay", "shop", "7")


def test_an_upgrade_puts_its_script_into_the_ledger_when_it_serves(
    published, later_release
):
    before = choose(published)
    after = choose(later_release, secret="1" * 32)

    shown = later_release.run("ledger", "show", "shop")
    assert (before, after) == ("1", "3")
    assert shown.count("notice 1, its script renewed") == 1
    assert "draws them differently" in later_release.run("replay", "shop", before)
    assert "Exactly what was served" in published.run("replay", "shop", before)
    assert "Exactly what was served" in later_release.run("replay", "shop", after)


def test_publishing_again_says_that_only_the_script_is_new(
    published, later_release, write
):
    again = later_release.run("site", "publish", write())

    assert "notice 1 published again: its script is a new one" in again
    assert "entry 1" in again


def test_a_key_is_added_to_a_file_whose_last_line_was_not_ended(published):
    path = published.folder / "token-keys"
    path.write_text(path.read_text().strip())

    published.run("keys", "add", "--use", "token")

    assert len(path.read_text().split()) == 2
    assert published.run("keys", "list").count("tokens") == 2


def test_nothing_is_purged_before_its_time(published):
    assert "No record has served its time yet" in published.run("purge", "shop")


def test_a_name_with_brackets_is_shown_as_it_is(published):
    published.run("apikeys", "add", "shop", "[/nope] [bold]edge")

    assert "[/nope] [bold]edge" in published.run("apikeys", "list", "shop")
