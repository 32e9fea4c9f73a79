"""`consent accounts`, `consent link` and `consent subject` by account."""

import csv
import io
import re

import pytest
from click.testing import CliRunner

from consent.cli.main import cli
from consent.errors import BadSetting, InvalidChoice, UnknownRecord
from consent.services.notices import publish
from tests.accounts import ANN, BOB, Vouching, with_a_new_vendor
from tests.factories import CHECKPOINT_KEY, SITE, TOKEN_KEY

LINK = re.compile(r"https://consent\.example/shop/withdraw/[\w.-]+\?lang=en\Z")


@pytest.fixture
def environment(settings):
    return {
        "CONSENT_ADDRESS": settings.address,
        "CONSENT_CHECKPOINT_GUARD": settings.checkpoint_guard,
        "CONSENT_CHECKPOINT_KEYS": CHECKPOINT_KEY,
        "CONSENT_DATABASE_URL": settings.database_url,
        "CONSENT_SECRET_KEYS": " ".join(settings.secret_keys),
        "CONSENT_TOKEN_KEYS": TOKEN_KEY,
    }


@pytest.fixture
def run(environment):
    """Return a function that runs a command; it returns what that prints."""

    def invoke(*arguments, sent=None):
        done = CliRunner().invoke(
            cli, [*map(str, arguments)], sent, environment, catch_exceptions=False
        )
        return done.stdout

    return invoke


@pytest.fixture
def site(shop):
    """Let two accounts answer, one of them again after a material change."""
    made = Vouching(shop)
    made.choose(ANN, analytics="granted")
    made.choose(BOB, analytics="granted")
    publish(shop, with_a_new_vendor())
    made.choose(BOB, notice=2, after=2, analytics="granted")
    return made


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_accounts_to_notify_are_written_as_csv(site, run):
    (row,) = rows(run("accounts", "export", SITE))

    assert (row["account"], row["notice"]) == (ANN.hex(), "1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["at"])


def test_a_version_tells_who_counts_as_asked_already(site, run):
    told = rows(run("accounts", "export", SITE, "--since-notice", 3))

    assert {row["account"] for row in told} == {ANN.hex(), BOB.hex()}
    assert rows(run("accounts", "export", SITE, "--since-notice", 1)) == []


def test_a_link_is_made_for_an_account_or_a_number(site, run):
    by_account = run("link", "withdraw", SITE, "--account", ANN.hex()).strip()
    by_number = run("link", "withdraw", SITE, "--number", 1, "--days", 2).strip()

    assert LINK.match(by_account)
    assert LINK.match(by_number)
    assert ANN.hex() not in by_account


def test_links_are_made_for_what_the_export_wrote(site, run):
    exported = run("accounts", "export", SITE, "--since-notice", 3)
    unknown = f"{'c0' * 16},1,2026-01-01T00:00:00Z\n"

    made = rows(
        run("link", "withdraw", SITE, "--accounts", "-", sent=exported + unknown)
    )

    assert {row["account"] for row in made} == {ANN.hex(), BOB.hex()}
    assert all(LINK.match(row["link"]) for row in made)


@pytest.mark.parametrize(
    "named", [[], ["--number", 1, "--account", "a0" * 16], ["--account", "ann"]]
)
def test_a_link_is_for_one_named_subject(site, run, named):
    with pytest.raises(InvalidChoice):
        run("link", "withdraw", SITE, *named)


def test_a_file_without_accounts_is_refused(site, run):
    with pytest.raises(InvalidChoice, match="column `account`"):
        run("link", "withdraw", SITE, "--accounts", "-", sent="id\n1\n")


def test_there_is_no_link_for_who_has_no_record(site, run):
    with pytest.raises(UnknownRecord):
        run("link", "withdraw", SITE, "--account", "c0" * 16)


def test_a_link_needs_a_secret_to_sign_with(site, run, environment):
    del environment["CONSENT_SECRET_KEYS"]

    with pytest.raises(BadSetting, match="CONSENT_SECRET_KEYS"):
        run("link", "withdraw", SITE, "--number", 1)


def test_an_operator_erases_an_account_by_its_hmac(site, run):
    said = run("subject", "erase", SITE, "--account", ANN.hex(), "--yes")

    assert "Contents of 1 erased" in said
    assert rows(run("accounts", "export", SITE, "--since-notice", 3)) != []
    with pytest.raises(UnknownRecord):
        run("subject", "export", SITE, "--account", ANN.hex())
