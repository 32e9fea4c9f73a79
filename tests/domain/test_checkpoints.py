"""Signed notes as C2SP signed-note and tlog-checkpoint have them."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from consent.domain import checkpoints
from consent.domain.checkpoints import Checkpoint, Trust, read, sign, unverified
from consent.errors import InvalidProof
from tests.factories import ORIGIN_OF_LEDGER

KEY, OTHER = SigningKey(b"\1" * 32), SigningKey(b"\2" * 32)
TRUSTED = [KEY.verify_key]
SIGNED = Checkpoint(ORIGIN_OF_LEDGER, 48_213, bytes(range(32)))
NOTE = sign(SIGNED, KEY)
TEXT, SIGNATURE = NOTE.split("\n\n")

# From the specification of signed notes; its key was published with it.
GO_NOTE = (
    "go.sum database tree\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— sum.golang.org "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
GO_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def test_what_is_signed_is_read():
    assert read(NOTE, ORIGIN_OF_LEDGER, TRUSTED) == SIGNED
    assert unverified(NOTE) == SIGNED


def test_the_same_is_signed_alike():
    assert sign(SIGNED, KEY) == NOTE


def test_a_checkpoint_of_the_go_checksum_database_verifies():
    """Somebody else's signature; there the key's name is not the origin."""
    name, key = checkpoints.read_verifier_key(GO_KEY)
    text, line = GO_NOTE.split("\n\n")

    assert name == "sum.golang.org"
    assert checkpoints.verifier_key(name, key) == GO_KEY
    assert unverified(GO_NOTE).size == 20_852_163
    key.verify(f"{text}\n".encode(), b64decode(line.split(" ")[2])[4:])


@given(st.integers(0, 2**20))
def test_verifier_keys_are_read_back(seed):
    """Their base64 may hold a plus, which also parts them."""
    key = SigningKey(seed.to_bytes(32)).verify_key

    text = checkpoints.verifier_key(ORIGIN_OF_LEDGER, key)

    assert checkpoints.read_verifier_key(text) == (ORIGIN_OF_LEDGER, key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+",
        GO_KEY.replace("033d", "033e"),
        GO_KEY.replace("sum", "sun"),
        GO_KEY[:-4],
        GO_KEY.replace("+Ac4", "+Bc4"),
        f"a+{GO_KEY}",
    ],
)
def test_a_verifier_key_that_is_none_is_refused(text):
    with pytest.raises(InvalidProof):
        checkpoints.read_verifier_key(text)


def test_keys_of_two_ledgers_are_no_trust():
    keys = [checkpoints.verifier_key(name, KEY.verify_key) for name in ("a", "b")]

    with pytest.raises(InvalidProof, match="one ledger"):
        Trust.of(keys)
    with pytest.raises(InvalidProof, match="one ledger"):
        Trust.of([])
    assert Trust.of(keys[:1]).origin == "a"


def assert_refused(note, match=".", keys=TRUSTED, origin=ORIGIN_OF_LEDGER):
    with pytest.raises(InvalidProof, match=match):
        read(note, origin, keys)


def test_a_forged_or_foreign_signature_is_refused():
    assert_refused(sign(SIGNED, OTHER), "no key that is trusted")
    assert_refused(NOTE, "no key that is trusted", keys=[])
    assert_refused(NOTE, "is of 'consent.example", origin="other.example/log")
    forged = f"{SIGNATURE[:-3]}AA\n" if SIGNATURE[-3:] != "AA\n" else SIGNATURE
    assert_refused(f"{TEXT}\n\n{forged}")


@given(st.integers(0, len(NOTE) - 1), st.characters(exclude_categories=["Cs"]))
def test_any_character_altered_is_refused(place, character):
    altered = NOTE[:place] + character + NOTE[place + 1 :]
    if altered != NOTE:
        assert_refused(altered)


@given(st.integers(0, len(NOTE) - 1))
def test_a_note_that_is_cut_off_is_refused(length):
    assert_refused(NOTE[:length])


def resigned(text):
    """Sign any text at all, with the right key under the right name."""
    line = SIGNATURE.split(" ")
    key_id = b64decode(line[2])[:4]
    named = b64encode(key_id + KEY.sign(text.encode()).signature).decode()
    return f"{text}\n— {ORIGIN_OF_LEDGER} {named}\n"


ROOT = b64encode(SIGNED.root).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN_OF_LEDGER}\n048213\n{ROOT}\n",
        f"{ORIGIN_OF_LEDGER}\n+48213\n{ROOT}\n",
        f"{ORIGIN_OF_LEDGER}\n-48213\n{ROOT}\n",
        f"{ORIGIN_OF_LEDGER}\n48_213\n{ROOT}\n",
        f"{ORIGIN_OF_LEDGER}\n 48213\n{ROOT}\n",
        f"{ORIGIN_OF_LEDGER}\n\uff14\uff18213\n{ROOT}\n",
        f"{ORIGIN_OF_LEDGER}\n48213\n{ROOT} \n",
        f"{ORIGIN_OF_LEDGER}\n48213\n{ROOT[:-2]}9=\n",
        f"{ORIGIN_OF_LEDGER}\n48213\n{b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN_OF_LEDGER}\n48213\n",
        f"{ORIGIN_OF_LEDGER}\n48213\n{ROOT}\n\nextension\n",
        f"{ORIGIN_OF_LEDGER}\n48213\n{ROOT}\ntab\there\n",
        f"{ORIGIN_OF_LEDGER}\r\n48213\r\n{ROOT}\r\n",
    ],
)
def test_text_that_is_not_canonical_is_refused_though_signed(text):
    assert_refused(resigned(text))


def test_a_checkpoint_without_origin_is_refused():
    with pytest.raises(InvalidProof):
        unverified(resigned(f"\n48213\n{ROOT}\n"))


def test_extension_lines_are_passed_over():
    note = resigned(f"{SIGNED.text()}something else\n")

    assert read(note, ORIGIN_OF_LEDGER, TRUSTED) == SIGNED


def test_signatures_by_others_are_passed_over():
    others = [sign(SIGNED, SigningKey(bytes([n]) * 32)) for n in range(3, 19)]
    lines = [other.split("\n\n")[1] for other in others]
    witness = "— witness.example/w1 " + b64encode(b"\4" * 80).decode() + "\n"

    note = f"{TEXT}\n\n{''.join(lines)}{witness}{SIGNATURE}"

    assert read(note, ORIGIN_OF_LEDGER, TRUSTED) == SIGNED


def test_a_wrong_signature_of_a_trusted_key_spoils_the_note():
    wrong = b64encode(b64decode(SIGNATURE.split(" ")[2])[:4] + bytes(64)).decode()
    line = f"— {ORIGIN_OF_LEDGER} {wrong}\n"

    assert_refused(f"{TEXT}\n\n{SIGNATURE}{line}", "signature is wrong")
    assert_refused(f"{TEXT}\n\n{line}{SIGNATURE}", "signature is wrong")


@pytest.mark.parametrize(
    "signatures",
    [
        "",
        "\n",
        SIGNATURE.removesuffix("\n"),
        SIGNATURE.replace("—", "-"),
        SIGNATURE.replace("— ", "—"),
        SIGNATURE.replace(" ", "  "),
        f"{SIGNATURE}\n",
        f"{SIGNATURE}x\n",
        f"{SIGNATURE}— a+b {b64encode(bytes(68)).decode()}\n",
        f"{SIGNATURE}— short AAAA\n",
        SIGNATURE * 65,
    ],
)
def test_signature_lines_that_are_malformed_are_refused(signatures):
    assert_refused(f"{TEXT}\n\n{signatures}")


def test_both_keys_verify_while_one_takes_over_from_the_other():
    line = sign(SIGNED, OTHER).split("\n\n")[1]

    for keys in ([KEY.verify_key], [OTHER.verify_key], [OTHER.verify_key, *TRUSTED]):
        assert read(f"{NOTE}{line}", ORIGIN_OF_LEDGER, keys) == SIGNED
