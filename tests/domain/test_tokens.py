import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous.encoding import base64_encode
from nacl.signing import SigningKey

from consent.domain.tokens import (
    Token,
    TokenSigner,
    TokenVerifier,
    VendorDecision,
    private_key,
    read_unverified,
)
from consent.errors import InvalidToken, MissingKey

KEY = SigningKey(bytes(32))
SIGNER = TokenSigner(KEY)
VERIFIER = TokenVerifier({SIGNER.kid: SIGNER.public})
LATEST = 4_102_444_800

numbers = st.integers(0, 2**53)
tokens = st.builds(
    Token,
    site=st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True),
    number=st.none() | numbers,
    notice=st.integers(1, 10_000),
    allowed=st.integers(0, 2**53 - 1),
    exceptions=st.lists(
        st.builds(
            VendorDecision, st.integers(0, 52), st.integers(0, 500), st.booleans()
        ),
        max_size=20,
    ).map(tuple),
    gpc=st.booleans(),
    issued=st.integers(0, LATEST),
    expires=st.integers(0, LATEST),
)


@given(tokens)
def test_what_is_signed_is_what_is_read(token):
    assert VERIFIER.read(SIGNER.sign(token)) == token


@given(tokens)
def test_the_same_statement_has_the_same_text(token):
    assert SIGNER.sign(token) == SIGNER.sign(token)


@given(tokens.map(lambda token: msgspec.structs.replace(token, exceptions=())))
def test_without_exceptions_it_has_160_characters_at_most(token):
    """With the longest site key there is, and 9 thousand million million records."""
    assert len(SIGNER.sign(token)) <= 190
    assert len(SIGNER.sign(msgspec.structs.replace(token, site="hummingbytes"))) <= 160


@given(tokens, st.integers(0, 10_000), st.integers(1, 255))
def test_no_altered_byte_is_read(token, place, change):
    text = bytearray(SIGNER.sign(token).encode())
    text[place % len(text)] ^= change

    with pytest.raises(InvalidToken):
        VERIFIER.read(text.decode("latin-1"))


@given(st.text())
def test_whatever_is_no_token_is_invalid(text):
    with pytest.raises(InvalidToken):
        VERIFIER.read(text)
    with pytest.raises(InvalidToken):
        read_unverified(text)


def payload_signed(payload):
    """Return a token's text that really is signed, whatever it says."""
    value = f"{SIGNER.kid}.{base64_encode(payload).decode()}"
    signature = KEY.sign(b"consent-token/v1\n" + value.encode()).signature
    return f"{value}.{base64_encode(signature).decode()}"


def test_a_signature_without_our_context_is_invalid():
    value = SIGNER.sign(make_token()).rpartition(".")[0]
    bare = base64_encode(KEY.sign(value.encode()).signature).decode()

    with pytest.raises(InvalidToken):
        VERIFIER.read(f"{value}.{bare}")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        msgspec.msgpack.encode(["shop"]),
        msgspec.msgpack.encode(["shop", 1, 1, 1, [], False, 1, 2, "more"]),
        msgspec.msgpack.encode(["shop", "1", 1, 1, [], False, 1, 2]),
        msgspec.msgpack.encode({"site": "shop"}),
    ],
)
def test_a_signed_payload_of_another_shape_is_invalid(payload):
    with pytest.raises(InvalidToken):
        VERIFIER.read(payload_signed(payload))


def test_a_key_that_is_not_trusted_verifies_nothing():
    text = TokenSigner(SigningKey(b"\1" * 32)).sign(make_token())

    with pytest.raises(InvalidToken):
        VERIFIER.read(text)
    with pytest.raises(InvalidToken):
        TokenVerifier({}).read(text)


def test_a_verifier_cannot_sign():
    with pytest.raises(MissingKey):
        VERIFIER._signer.sign(b"anything")


def test_people_can_read_a_token_without_a_key():
    token = make_token()

    assert read_unverified(SIGNER.sign(token)) == (SIGNER.kid, token)


def test_too_long_a_text_is_not_even_decoded():
    with pytest.raises(InvalidToken, match="too long"):
        VERIFIER.read("x" * 5_000)


@pytest.mark.parametrize("text", ["", "short", "!" * 43])
def test_a_private_key_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="32 bytes"):
        private_key(text)


def make_token():
    return Token("shop", 1, 1, 1, (), False, 1, 2)
