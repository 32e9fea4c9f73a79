"""Token keys: made here, kept as files or environment; only public ones are rows."""

import os
from pathlib import Path
from typing import Any

from itsdangerous.encoding import base64_encode
from nacl.signing import SigningKey

from consent.domain.tokens import TokenSigner
from consent.errors import NotFound
from consent.services.runtime import Runtime
from consent.store import keys
from consent.store.keys import TokenKey


def add_key(runtime: Runtime) -> tuple[str, str]:
    """Make a key pair, make its public half known; return key id and private text."""
    private = SigningKey.generate()
    signer = TokenSigner(private)
    text = base64_encode(bytes(private)).decode()
    if runtime.settings.token_keys_path:
        _append_line(runtime.settings.token_keys_path, text)
    with runtime.database.writing() as connection:
        keys.add_token_key(connection, signer.public, runtime.clock.now())
    return signer.kid, text


def retire_key(runtime: Runtime, kid: str, *, compromised: bool) -> None:
    """Sign with a key no longer; what it signed still holds unless it leaked.

    Raises NotFound.
    """
    if kid not in {key.kid for key in all_keys(runtime)}:
        raise NotFound(f"there is no key {kid}")
    with runtime.database.writing() as connection:
        now = runtime.clock.now()
        keys.retire_token_key(connection, kid, now, trusted=not compromised)


def all_keys(runtime: Runtime) -> list[TokenKey]:
    """Return every key, oldest first."""
    return runtime.follower.keys


def jwks(runtime: Runtime) -> dict[str, Any]:
    """Return the public keys that verify tokens, as a JWK set (RFC 8037)."""
    return {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": "EdDSA",
                "kid": key.kid,
                "x": base64_encode(bytes(key.public)).decode(),
            }
            for key in all_keys(runtime)
            if key.trusted
        ]
    }


def _append_line(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(private, "a", encoding="ascii") as file:
        file.write(f"{text}\n")
