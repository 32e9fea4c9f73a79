"""Account proofs: a site vouches for who is logged in, and we never see who."""

import hashlib
import re
from typing import NamedTuple

from itsdangerous.encoding import base64_decode, base64_encode
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from consent.errors import InvalidAccountProof

PATTERN = r"[0-9a-f]{12}\.[0-9a-f]{32}\.[0-9]{1,11}\.[A-Za-z0-9_-]{86}"
MOST_SECONDS = 86_400
"""How far ahead a proof may expire: who logged out must not act for much longer."""
_CONTEXT = b"consent-account-proof/v1\n"


class Proof(NamedTuple):
    """What a site states: this account is logged in, and may act until then.

    `account` is the HMAC that the site makes of its own account id.
    """

    key_id: str
    account: bytes
    expires: int
    signature: bytes

    def verify(self, site: str, public: VerifyKey, now: float) -> None:
        """Raise InvalidAccountProof unless it was signed for this site and holds."""
        if self.is_over(now):
            raise InvalidAccountProof("the account proof has expired")
        if self.expires > now + MOST_SECONDS:
            raise InvalidAccountProof("an account proof expires within a day")
        try:
            public.verify(_said(site, self.account, self.expires), self.signature)
        except BadSignatureError as exc:
            raise InvalidAccountProof("the account proof is not signed so") from exc

    def is_over(self, now: float) -> bool:
        """Whether it has expired."""
        return self.expires <= now


def read(text: str) -> Proof:
    """Return what a proof states, not verified; raises InvalidAccountProof."""
    if not re.fullmatch(PATTERN, text):
        raise InvalidAccountProof("that is no account proof")
    key_id, account, expires, signature = text.split(".")
    return Proof(key_id, bytes.fromhex(account), int(expires), base64_decode(signature))


def prove(site: str, api_key: str, account: bytes, expires: int) -> str:
    """Return the proof that a site signs with one of its API keys."""
    signed = signing_key(api_key).sign(_said(site, account, expires))
    signature = base64_encode(signed.signature).decode()
    return f"{key_id(api_key)}.{account.hex()}.{expires}.{signature}"


def key_id(api_key: str) -> str:
    """Return the id under which an API key is listed."""
    return hashlib.sha256(api_key.encode()).hexdigest()[:12]


def signing_key(api_key: str) -> SigningKey:
    """Return the key that an API key signs with; we keep its public half alone."""
    return SigningKey(hashlib.sha256(_CONTEXT + api_key.encode()).digest())


def _said(site: str, account: bytes, expires: int) -> bytes:
    return _CONTEXT + f"{site}\n{account.hex()}\n{expires}".encode()
