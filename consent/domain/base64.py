"""Base64 (RFC 4648) that is written in one way only."""

from base64 import b64decode, b64encode

from consent.errors import InvalidProof


def encoded(raw: bytes) -> str:
    """Return bytes as base64."""
    return b64encode(raw).decode()


def decoded(text: str, length: int | None = None) -> bytes:
    """Return the bytes; raises InvalidProof unless these are written like that.

    The usual decoder passes over trailing bits, so that a changed text could mean
    the same.
    """
    try:
        raw = b64decode(text, validate=True)
    except ValueError as exc:
        raise InvalidProof("expected base64") from exc
    if encoded(raw) != text or length not in {None, len(raw)}:
        raise InvalidProof("expected canonical base64")
    return raw
