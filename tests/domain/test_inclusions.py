import pytest

from consent.domain import inclusions
from consent.domain.checkpoints import read_verifier_key
from consent.errors import InvalidProof
from tests.vectors import receipts as vectors

PROOF = vectors.ledger().sealed(vectors.CHOSEN).inclusion
TEXT = PROOF.text()


def test_a_proof_reads_as_it_was_written():
    assert TEXT.startswith("c2sp.org/tlog-proof@v1\nindex 10\n")
    assert TEXT.endswith(f"\n\n{PROOF.note}")
    assert inclusions.read(TEXT) == PROOF


def test_it_leads_from_its_own_entry_to_the_signed_checkpoint_and_from_no_other():
    origin, key = read_verifier_key(vectors.KEY)
    ledger = vectors.ledger()
    mine, next_one = ledger.commitment(10), ledger.commitment(11)

    assert PROOF.checkpoint_over(mine, origin, key).size == vectors.SIZE
    with pytest.raises(InvalidProof, match="entry 10 is not in the signed ledger"):
        PROOF.checkpoint_over(next_one, origin, key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 10", "index 010"),
        ("index 10", "index -10"),
        ("index 10", "index ten"),
        ("index 10", f"index {10**30}"),
        ("index 10\n", ""),
        ("\n", "\r\n"),
        ("=\n", "\n"),
        (TEXT, ""),
        (TEXT, "c2sp.org/tlog-proof@v1"),
    ],
)
def test_what_is_no_proof_in_canonical_form_is_refused(old, new):
    with pytest.raises(InvalidProof):
        inclusions.read(TEXT.replace(old, new))
