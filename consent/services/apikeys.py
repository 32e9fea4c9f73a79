"""API keys: made here, shown once, and let in by their digest."""

import hashlib
import hmac
import secrets

from consent.domain import accounts
from consent.errors import InvalidApiKey, InvalidName
from consent.services.runtime import Runtime
from consent.store import apikeys
from consent.store.apikeys import ApiKey

PREFIX = "consent_"
"""What scanners for leaked secrets find a key by."""
KEY_BYTES = 32
MAX_NAME_LENGTH = 80


def add(runtime: Runtime, site: str, name: str) -> tuple[ApiKey, str]:
    """Make a key to a site; return it with its text, which is kept nowhere.

    Raises InvalidName or UnknownSite.
    """
    if not 0 < len(name) <= MAX_NAME_LENGTH or not name.isprintable():
        wanted = f"1 to {MAX_NAME_LENGTH} characters, all of them to be seen"
        raise InvalidName(f"a key's name has {wanted}")
    text = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    key = apikeys.ApiKey(
        id=accounts.key_id(text),
        name=name,
        digest=_digest(text),
        added_at=runtime.clock.now(),
        revoked_at=None,
        public=bytes(accounts.signing_key(text).verify_key),
    )
    with runtime.database.writing() as connection:
        apikeys.add(connection, site, key)
    return key, text


def all_keys(runtime: Runtime, site: str) -> list[ApiKey]:
    """Return every key to a site, oldest first; raises UnknownSite."""
    with runtime.database.reading() as connection:
        return apikeys.keys_of(connection, site)


def revoke(runtime: Runtime, key_id: str) -> None:
    """Let a key in no longer, from this moment on; raises NotFound."""
    with runtime.database.writing() as connection:
        apikeys.revoke(connection, key_id, runtime.clock.now())


def require(runtime: Runtime, site: str, shown: str | None) -> None:
    """Raise InvalidApiKey unless a key to this site is shown; raises UnknownSite.

    The database is asked each time, so a revoked key is out at once everywhere.
    """
    kept = [key.digest for key in all_keys(runtime, site) if not key.revoked_at]
    if shown is None:
        raise InvalidApiKey("this needs an API key of the site")
    digest = _digest(shown)
    # All are compared, so that the time it takes tells nothing.
    if sum(hmac.compare_digest(digest, one) for one in kept) == 0:
        raise InvalidApiKey("that is no API key of this site, or it was revoked")


def _digest(text: str) -> bytes:
    # A key has 256 random bits: nobody guesses it, so a slow hash with a salt, made
    # for what people think up, would add nothing but work for each request.
    return hashlib.sha256(text.encode()).digest()
