"""What is verified with nothing but the file: no database, no network, no settings."""

import json

import pytest
import yaml
from click.testing import CliRunner

from consent.cli.receipt import receipt
from consent.domain import receipts
from tests.factories import ORIGIN, body, site_file
from tests.running import Service
from tests.vectors import receipts as vectors

WRITTEN = json.loads(vectors.FILE.read_text("utf-8"))
VALID = WRITTEN["valid"]
FORGED = WRITTEN["forged"][0]["receipt"]


@pytest.fixture
def verify(tmp_path):
    """Return a function that verifies a document as a file; exit code and words."""

    def verified(document, *options):
        path = tmp_path / "receipt.jsonld"
        path.write_text(json.dumps(document))
        result = CliRunner().invoke(receipt, ["verify", str(path), *options])
        return result.exit_code, result.output or str(result.exception)

    return verified


def test_a_genuine_receipt_is_valid_and_the_key_to_compare_is_named(verify):
    code, said = verify(VALID)

    assert code == 0
    assert "valid   shop 10: given on 2026-03-04 05:06:07 UTC, notice 2" in said
    assert "analytics granted" in said
    assert "That proves only that the parts agree" in said
    assert "consent.example/v1/shop/ledger/keys" in said
    assert vectors.KEY in said
    assert "1 of 1 receipts are valid" in said


def test_with_the_published_key_it_says_whose_key_it_trusted(verify):
    code, said = verify(VALID, "--key", vectors.KEY)

    assert code == 0
    assert f"Trusted key: {vectors.KEY}" in said
    assert "proves only" not in said


def test_a_receipt_signed_by_another_key_is_invalid(verify):
    code, said = verify(WRITTEN["signed_by_another"], "--key", vectors.KEY)

    assert code == 1
    assert "INVALID shop 10: the receipt names another key" in said
    assert "0 of 1 receipts are valid" in said


def test_in_an_export_the_one_that_was_changed_is_named(verify):
    edited = VALID | {"dct:created": "2020-01-01T00:00:00Z"}

    code, said = verify(receipts.export([VALID, edited, FORGED]))

    assert code == 1
    assert "it says '2020-01-01T00:00:00Z' at /dct:created" in said
    assert said.count("INVALID shop 10") == 2
    assert "1 of 3 receipts are valid" in said


@pytest.mark.parametrize("document", [{}, [], "text", {"@graph": []}])
def test_what_is_no_receipt_is_told(verify, document):
    code, said = verify(document)

    assert code == 1
    assert "expected" in said


def test_an_operator_exports_what_the_visitor_can_verify_and_erases_it(
    tmp_path, free_port, sqlite_url
):
    site = tmp_path / "shop.yaml"
    site.write_text(yaml.safe_dump(site_file()))
    service = Service(tmp_path, free_port, sqlite_url)
    service.set_up(site)
    with service.serving():
        for made in ({"analytics": "granted"}, {"marketing": "refused"}):
            sent = body(made, after=1)
            status, _, _ = service.ask(
                "POST", "/v1/shop/records", sent, {"Origin": ORIGIN}
            )
            assert status == 201
        _, _, published = service.ask("GET", "/v1/shop/ledger/keys")
    export = tmp_path / "export.jsonld"
    export.write_text(service.run("subject", "export", "shop", "--number", 1))

    said = service.run("receipt", "verify", export, "--key", published.strip())
    assert "2 of 2 receipts are valid" in said

    service.run("subject", "erase", "shop", "--number", 2, "--yes")
    gone = service.fails("subject", "export", "shop", "--number", 1)
    assert "shop has no record 1" in gone
    assert "2 of 2 receipts are valid" in service.run("receipt", "verify", export)
