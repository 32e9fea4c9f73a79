"""Consent tokens: `kid.payload.signature`, Ed25519 in an itsdangerous envelope.

The payload is canonical base64url of a msgpack array. A gateway needs public
keys only: it can verify, never forge. Token text is no identity, for base64 and
key rotation give one record many texts; site and number are.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from consent.errors import InvalidToken, MissingKey

CONTEXT = b"consent-token/v1\n"
SEED_BYTES = 32
MAX_LENGTH = 4096
"""No browser sends a longer cookie."""
DEFAULT_SECONDS = 48 * 3600
"""How long what the script hands out before anybody is asked stands."""
REMEMBERED = 10_000
"""Verified tokens kept by a verifier: some 5 MB."""


class VendorDecision(msgspec.Struct, frozen=True, array_like=True):
    """An explicit decision about one vendor in one purpose."""

    bit: int
    vendor: int
    granted: bool


class Token(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a token states. Times are seconds since the epoch, UTC.

    `number` is None in a common token; `notice` is the version whose terms apply;
    bit `i` of `allowed` is set if the purpose with that bit may run.
    """

    site: str
    number: int | None
    notice: int
    allowed: int
    exceptions: tuple[VendorDecision, ...]
    gpc: bool
    issued: int
    expires: int

    @property
    def is_default(self) -> bool:
        """Whether it states what holds for whoever was never asked, and no answer."""
        return self.number is None and self.expires - self.issued <= DEFAULT_SECONDS


_decoder = msgspec.msgpack.Decoder(Token)


class _Ed25519(SigningAlgorithm):
    """Ed25519 for itsdangerous, whose "secret keys" are our key ids."""

    def __init__(
        self, public: Mapping[str, VerifyKey], private: Mapping[str, SigningKey]
    ) -> None:
        self._public = public
        self._private = private

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        private = self._private.get(key.decode())
        if private is None:
            raise MissingKey("this process holds no private key to sign tokens with")
        return private.sign(CONTEXT + value).signature

    def verify_signature(self, key: bytes, value: bytes, sig: bytes) -> bool:
        public = self._public.get(key.decode())
        if public is None or not value.startswith(key + b"."):
            return False
        try:
            public.verify(CONTEXT + value, sig)
        except (BadSignatureError, ValueError):
            return False
        return True


def key_id(public: VerifyKey) -> str:
    """Return the id of a public key: the head of its SHA-256, as base64url."""
    return base64_encode(hashlib.sha256(bytes(public)).digest()[:6]).decode()


def private_key(text: str) -> SigningKey:
    """Return the private key that base64url text of 32 bytes stands for.

    Raises ValueError if it stands for none.
    """
    try:
        return SigningKey(base64_decode(text))
    except Exception as exc:
        raise ValueError("expected 32 bytes as base64url") from exc


class TokenSigner:
    """Signs tokens with the newest private key."""

    def __init__(self, key: SigningKey) -> None:
        self.public = key.verify_key
        self.kid = key_id(key.verify_key)
        self._signer = _envelope({}, {self.kid: key})

    def sign(self, token: Token) -> str:
        """Return the token's text."""
        payload = base64_encode(msgspec.msgpack.encode(token))
        return self._signer.sign(self.kid.encode() + b"." + payload).decode()


class TokenVerifier:
    """Reads tokens signed by any of the keys it trusts."""

    def __init__(self, keys: Mapping[str, VerifyKey]) -> None:
        self.keys = dict(keys)
        self._signer = _envelope(self.keys, {}) if keys else None
        self.read = lru_cache(maxsize=REMEMBERED)(self._read)

    def _read(self, text: str) -> Token:
        """Return what a token states; raises InvalidToken. Its term is not judged."""
        if self._signer is None or len(text) > MAX_LENGTH:
            raise InvalidToken("no trusted key, or far too long")
        try:
            value = self._signer.unsign(text.encode("ascii"))
            payload = _canonical(value.partition(b".")[2])
            _canonical(text.encode("ascii").rpartition(b".")[2])
            return _decoder.decode(payload)
        except (BadSignature, UnicodeError, msgspec.DecodeError) as exc:
            raise InvalidToken("not a token signed by us") from exc


def read_unverified(text: str) -> tuple[str, Token]:
    """Return the key id and the content of a token, for people; nothing is verified.

    Raises InvalidToken if the text has not the shape of a token.
    """
    try:
        kid, payload, _ = text.split(".")
        return kid, _decoder.decode(_canonical(payload.encode("ascii")))
    except (ValueError, msgspec.DecodeError) as exc:
        raise InvalidToken("expected kid.payload.signature") from exc


def unsigned(token: Token) -> str:
    """Return the text of a token that scripts can read and no check accepts."""
    return f"none.{base64_encode(msgspec.msgpack.encode(token)).decode()}.none"


def _canonical(text: bytes) -> bytes:
    """Decode base64url, and refuse any text but the one that encoding gives.

    Stock decoding ignores padding, foreign characters and altered trailing bits.
    """
    try:
        decoded = base64_decode(text)
    except Exception as exc:
        raise InvalidToken("not base64url") from exc
    if base64_encode(decoded) != text:
        raise InvalidToken("not canonical base64url")
    return decoded


def _envelope(
    public: Mapping[str, VerifyKey], private: Mapping[str, SigningKey]
) -> Signer:
    ids: list[Any] = [*public] or [*private]
    # The default derivation would hash the key and sign under a derived one.
    return Signer(
        ids, sep=".", key_derivation="none", algorithm=_Ed25519(public, private)
    )
