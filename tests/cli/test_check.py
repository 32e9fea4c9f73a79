"""`consent check` and `consent apikeys`, run within the test's own process."""

import sys

import pytest
from click.testing import CliRunner

from consent.cli.main import cli
from consent.errors import ConsentError
from tests.factories import CHECKPOINT_KEY, TOKEN_KEY
from tests.past import Visitors


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def outcome(settings, runtime):
    """Return a function that runs a command; it returns exit code and words."""
    environment = {
        "CONSENT_DATABASE_URL": settings.database_url,
        "CONSENT_TOKEN_KEYS": TOKEN_KEY,
        "CONSENT_CHECKPOINT_KEYS": CHECKPOINT_KEY,
        "CONSENT_CHECKPOINT_GUARD": settings.checkpoint_guard,
    }

    def run(*arguments):
        done = CliRunner().invoke(cli, [*map(str, arguments)], env=environment)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return run


@pytest.fixture
def visitors(runtime):
    """Let three visitors choose; their first withdraws after three seconds."""
    return Visitors(runtime, 3)


@pytest.fixture
def check(outcome, visitors):
    """Return a function that checks one event; it returns code and words."""

    def checked(seconds, *options):
        at = visitors.at(seconds).isoformat()
        code, said = outcome("check", "shop", "--at", at, *options)
        return code, said.strip()

    return checked


def test_one_event_is_answered_by_exit_code_and_reason(visitors, check):
    analytics, first = ("--purpose", "analytics"), ("--token", visitors.tokens[0])
    subject = "--subject", visitors.subject(0)

    assert check(2, *analytics, *first) == (0, "allowed: granted")
    assert check(3, *analytics, *first) == (1, "denied: withdrawn")
    assert check(3, *analytics) == (1, "denied: missing")
    assert check(2, *analytics, *subject) == (0, "allowed: granted")
    assert check(3, *analytics, *subject, "--vendor", "ads") == (1, "denied: unknown")
    assert check(3, "--purpose", "marketing", *subject, "--gpc") == (
        1,
        "denied: signal",
    )


def test_what_cannot_be_answered_is_no_verdict(check):
    event = "--purpose", "x", "--token", "x"
    for options, said in (
        ((), "expected --at and --purpose"),
        (("--token", "x"), "expected --at and --purpose"),
        ((*event, "--subject", "0" * 32), "--token or --subject"),
        (("--purpose", "x", "--subject", "12"), "32 hexadecimal digits"),
        ((*event, "--at", "noon"), "as 2026-05-01T12:00Z"),
        ((*event, "--at", "2999-01-01T00:00Z"), "is still to come"),
        (("--output", "x.csv"), "--file and --output go together"),
    ):
        code, told = check(0, *options)

        assert code == 2
        assert said in told


def test_an_unknown_site_is_no_verdict(outcome, visitors):
    asked = ("--at", "2026-01-01T00:00Z", "--purpose", "x", "--token", "x")

    code, said = outcome("check", "nowhere", *asked)

    assert code == 2
    assert "there is no site 'nowhere'" in said


def test_a_file_is_judged_counted_and_not_overwritten(outcome, visitors, tmp_path):
    source, target = tmp_path / "events.csv", tmp_path / "judged.csv"
    rows = [
        f"{visitors.at(s).isoformat()},analytics,{visitors.tokens[0]}" for s in (2, 3)
    ]
    source.write_text("\n".join(["at,purpose,token", *rows, *["never,analytics,"] * 6]))
    command = ("check", "shop", "--file", source, "--output", target)

    code, said = outcome(*command)
    again, refused = outcome(*command)

    assert code == 0
    assert "6 rows cannot be read:" in said
    assert "row 3: at: expected a time with its offset" in said
    assert "row 7: " in said
    assert "row 8: " not in said
    assert f"8 rows written to {target}" in said
    assert target.read_text().splitlines()[1].endswith(",true,granted")
    assert (again, "is there already" in refused) == (2, True)


def test_parquet_without_pyarrow_is_told_how_to_get_it(
    outcome, visitors, tmp_path, monkeypatch
):
    source, target = tmp_path / "events.parquet", tmp_path / "judged.parquet"
    source.touch()
    monkeypatch.delitem(sys.modules, "consent.services.parquetevents", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    code, said = outcome("check", "shop", "--file", source, "--output", target)

    assert code == 2
    assert "Parquet needs pyarrow (the extra `parquet`): pip install pyarrow" in said
    assert not target.exists()


def test_an_api_key_is_shown_once_then_listed_then_revoked(outcome, visitors):
    _, added = outcome("apikeys", "add", "shop", "warehouse")
    said, text = added.splitlines()
    key_id = said.split()[2]

    _, listed = outcome("apikeys", "list", "shop")
    assert key_id in listed
    assert "warehouse" in listed
    assert text not in listed

    assert outcome("apikeys", "revoke", key_id) == (0, f"API key {key_id} revoked\n")
    _, listed = outcome("apikeys", "list", "shop")
    assert listed.count("UTC") == 2
    assert "no" not in listed.split()


def test_keys_that_cannot_be(outcome, visitors):
    for arguments, code in (
        (("add", "nowhere", "warehouse"), "unknown_site"),
        (("add", "shop", ""), "invalid_name"),
        (("add", "shop", "x" * 81), "invalid_name"),
        (("list", "nowhere"), "unknown_site"),
        (("revoke", "0123456789ab"), "not_found"),
    ):
        with pytest.raises(ConsentError) as refused:
            outcome("apikeys", *arguments)

        assert refused.value.code == code
