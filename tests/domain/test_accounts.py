"""What a site signs for an account, and what is taken for signed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nacl.signing import VerifyKey

from consent.domain import accounts
from consent.errors import InvalidAccountProof

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "accounts.json").read_text())
DOCS = (ROOT / "docs" / "accounts.md").read_text("utf-8")


@pytest.mark.parametrize("vector", VECTORS)
def test_a_proof_is_the_one_of_the_vectors_and_verifies(vector):
    account = bytes.fromhex(vector["account"])
    made = accounts.prove(vector["site"], vector["api_key"], account, vector["expires"])
    public = VerifyKey(bytes.fromhex(vector["public"]))

    assert made == vector["proof"]
    accounts.read(made).verify(vector["site"], public, vector["expires"] - 1)


@pytest.mark.parametrize(
    ("language", "command"),
    [("python", [sys.executable, "-c"]), ("js", ["node", "--input-type=module", "-e"])],
)
def test_the_examples_of_the_documentation_give_the_proofs_of_the_vectors(
    language, command
):
    example = DOCS.split(f"```{language}\n")[1].split("```")[0]
    vector = VECTORS[0]
    given = [vector[name] for name in ("site", "api_key", "account_key", "account_id")]
    call = f"account_proof({', '.join(map(json.dumps, given))}, {vector['expires']})"
    said = {"python": f"print({call})", "js": f"console.log({call})"}[language]
    said = said.replace("account_proof", "accountProof") if language == "js" else said

    done = subprocess.run(
        [*command, example + said], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == vector["proof"]


@pytest.fixture
def vector():
    return VECTORS[0]


@pytest.mark.parametrize(
    ("site", "seconds", "told"),
    [
        ("other", 1, "not signed so"),
        ("shop", 0, "has expired"),
        ("shop", 86_401, "within a day"),
    ],
)
def test_a_proof_counts_for_its_site_and_for_a_while(vector, site, seconds, told):
    proof = accounts.read(vector["proof"])
    public = VerifyKey(bytes.fromhex(vector["public"]))

    with pytest.raises(InvalidAccountProof, match=told):
        proof.verify(site, public, vector["expires"] - seconds)


@pytest.mark.parametrize("part", [1, 2])
def test_another_account_or_a_later_end_is_not_what_was_signed(vector, part):
    parts = vector["proof"].split(".")
    parts[part] = str(int(parts[part]) + 1) if part == 2 else "c0" * 16
    public = VerifyKey(bytes.fromhex(vector["public"]))

    with pytest.raises(InvalidAccountProof, match="not signed so"):
        accounts.read(".".join(parts)).verify("shop", public, vector["expires"] - 2)


@pytest.mark.parametrize("text", ["", "a.b.c.d", "0" * 32])
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(InvalidAccountProof, match="no account proof"):
        accounts.read(text)
