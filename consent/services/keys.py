"""Keys: made here, kept as files or environment; only public ones are rows."""

import os
from contextlib import suppress
from pathlib import Path

import msgspec
from itsdangerous.encoding import base64_encode
from nacl.signing import SigningKey

from consent.domain import checkpoints
from consent.domain.vocabulary import Use
from consent.errors import InvalidProof, Unavailable
from consent.services.runtime import Runtime
from consent.store import keys
from consent.store.keys import PublicKey
from consent.store.ledger import site_row


class Jwk(msgspec.Struct, frozen=True):
    """A public key that verifies tokens (RFC 8037)."""

    kid: str
    x: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    use: str = "sig"
    alg: str = "EdDSA"


class JwkSet(msgspec.Struct, frozen=True):
    """The public keys of tokens, those no longer trusted left out."""

    keys: list[Jwk]


def add_key(runtime: Runtime, use: Use) -> tuple[str, str]:
    """Make a key pair, make its public half known; return key id and private text."""
    private = SigningKey.generate()
    text = base64_encode(bytes(private)).decode()
    path = private_path(runtime, use)
    if path:
        _append_line(path, text)
    with runtime.database.writing() as connection:
        kid = keys.add_key(connection, use, private.verify_key, runtime.clock.now())
    return kid, text


def lacking(runtime: Runtime) -> list[Use]:
    """Return the uses that no key is there for; if there is none, tokens."""
    held = {use for use, key in all_keys(runtime) if not key.retired_at}
    return [use for use in Use if use not in held] or [Use.TOKEN]


def private_path(runtime: Runtime, use: Use) -> Path | None:
    """Return the file that private keys of a use are appended to, if there is one."""
    settings = runtime.settings
    is_token = use is Use.TOKEN
    return settings.token_keys_path if is_token else settings.checkpoint_keys_path


def retire_key(runtime: Runtime, kid: str, *, compromised: bool) -> None:
    """Sign with a key no longer; what it signed still holds unless it leaked.

    Raises NotFound.
    """
    use = next((use for use, key in all_keys(runtime) if key.kid == kid), Use.TOKEN)
    with runtime.database.writing() as connection:
        now = runtime.clock.now()
        keys.retire_key(connection, use, kid, now, trusted=not compromised)


def all_keys(runtime: Runtime) -> list[tuple[Use, PublicKey]]:
    """Return every key, oldest first for each use."""
    with runtime.database.reading() as connection:
        return [(use, key) for use in Use for key in keys.public_keys(connection, use)]


def verifier_keys(runtime: Runtime, site: str) -> list[str]:
    """Return the keys to verify a ledger's checkpoints with (C2SP signed-note vkey).

    Raises UnknownSite.
    """
    with runtime.database.reading() as connection:
        origin = site_row(connection, site).origin
        known = keys.public_keys(connection, Use.CHECKPOINT)
    return [checkpoints.verifier_key(origin, k.public) for k in known if k.trusted]


def signed_by(runtime: Runtime, site: str, note: str) -> str:
    """Return the verifier key of a checkpoint; raises UnknownSite, or Unavailable."""
    for text in verifier_keys(runtime, site):
        origin, key = checkpoints.read_verifier_key(text)
        with suppress(InvalidProof):
            checkpoints.read(note, origin, [key])
            return text
    raise Unavailable("the ledger is signed by a key that is not trusted any more")


def jwks(runtime: Runtime) -> JwkSet:
    """Return the public keys that verify tokens, as a JWK set (RFC 8037)."""
    trusted = (key for key in runtime.follower.keys if key.trusted)
    return JwkSet(
        [Jwk(key.kid, base64_encode(bytes(key.public)).decode()) for key in trusted]
    )


def _append_line(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(private, "a", encoding="ascii") as file:
            # Whoever made the file may not have ended its last line.
            file.write(f"\n{text}\n" if file.tell() else f"{text}\n")
    except OSError as exc:
        raise Unavailable(f"the key cannot be kept: {exc}") from exc
