"""What an auditor types, and what the program says."""

import json
import os
import subprocess
import sys

from tests.factories import body, site_file
from tests.store.concurrency import eventually


def audit(published, *arguments):
    """Run `consent audit` as somebody who has none of our settings."""
    done = subprocess.run(
        [sys.executable, "-m", "consent.cli.main", "audit", *map(str, arguments)],
        cwd=published.folder,
        env={"PATH": os.environ["PATH"]},
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert "Traceback" not in done.stdout
    return done.returncode, done.stdout


def test_from_the_first_audit_to_the_first_fault(published):
    address = f"http://127.0.0.1:{published.port}/v1/shop/ledger"
    export, kept = published.folder / "shop.export", published.folder / "kept"
    with published.serving():
        origin = {"Origin": site_file()["origins"][0]}
        sent = body({"analytics": "granted"})
        _, _, answer = published.ask("POST", "/v1/shop/records", sent, origin)
        assert json.loads(answer)["number"] == 1
        newest = "/v1/shop/ledger/checkpoint"
        assert eventually(lambda: "\n2\n" in published.ask("GET", newest)[2])
        (key,) = published.ask("GET", "/v1/shop/ledger/keys")[2].split()
        said = published.run("ledger", "export", "shop", export)
        first = audit(published, address, export, "--key", key, "--save", kept)
        again = audit(published, address, "--since", kept)

    assert "2 entries written, with a signed checkpoint" in said
    assert first[0] == 0, first[1]
    assert first[1].count("2 entries audited, against a checkpoint of 2 signed as") == 2
    assert again[0] == 0
    assert f"its keys are its own word; --key pins them:\n  {key}" in again[1]

    export.write_bytes(export.read_bytes().replace(b'"kind":"record"', b'"kind":"x"'))
    code, said = audit(published, export, "--key", key)

    assert code == 1
    assert "fault: entry 1 is said to be a x, and is none\n" in said
    assert "1 faults" in said


def test_what_cannot_be_audited_is_told(published, free_port):
    code, said = audit(published, f"http://127.0.0.1:{free_port}/v1/shop/ledger")
    assert code == 1
    assert "unavailable" in said
    code, said = audit(published, "nothing.export")
    assert code == 1
    assert "nothing.export cannot be read" in said
    code, said = audit(published, "one", "two")
    assert code == 2
    assert "expected one address, one export, or one of each" in said
