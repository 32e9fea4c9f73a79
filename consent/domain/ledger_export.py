"""A whole ledger as one file of JSON lines, to be audited without its database.

A header, every entry in order, and what was kept beside the ledger at that moment.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

import msgspec

from consent.domain.audit import Line
from consent.errors import InvalidProof

FORMAT: Literal["consent-ledger/v1"] = "consent-ledger/v1"
Shape = TypeVar("Shape", bound=msgspec.Struct)


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Whose ledger it is, how many entries follow, and what was signed of them."""

    format: Literal["consent-ledger/v1"] = FORMAT
    site: str
    origin: str
    size: int
    keys: tuple[str, ...]
    checkpoint: str | None


class Exported(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry; `at` in microseconds since the epoch, bytes as base64."""

    number: int
    kind: str
    at: int
    commitment: bytes
    body: bytes | None = None
    salt: bytes | None = None


class Trailer(msgspec.Struct, frozen=True, kw_only=True):
    """What checks are answered from, and which entries are kept as heads.

    Two bits an entry and one, the first entry lowest in its byte; `strays` counts
    the heads that are no record of their subject. There are no statuses where the
    ledger is damaged, for then every check denies.
    """

    statuses: bytes | None
    heads: bytes
    strays: int


_encoder = msgspec.json.Encoder()
_header = msgspec.json.Decoder(Header)
_entry = msgspec.json.Decoder(Exported)
_trailer = msgspec.json.Decoder(Trailer)


def written(line: Header | Exported | Trailer) -> bytes:
    """Return a line of the file."""
    return _encoder.encode(line) + b"\n"


def exported(line: Line) -> Exported:
    """Return an entry without the columns that repeat its content."""
    number, kind, at, commitment, body, salt, *_ = line
    return Exported(number, kind, at, commitment, body, salt)


def read_header(line: bytes) -> Header:
    """Return the first line of a file; raises InvalidProof."""
    return _read(_header, line, "a header")


def read_entries(lines: Iterable[bytes]) -> Iterator[Line]:
    """Yield entries; raises InvalidProof."""
    for line in lines:
        one = _read(_entry, line, "an entry")
        yield Line(one.number, one.kind, one.at, one.commitment, one.body, one.salt)


def read_trailer(line: bytes) -> Trailer:
    """Return the last line of a file; raises InvalidProof."""
    return _read(_trailer, line, "a trailer")


def _read(decoder: msgspec.json.Decoder[Shape], line: bytes, expected: str) -> Shape:
    try:
        return decoder.decode(line)
    except (msgspec.MsgspecError, ValueError) as exc:
        raise InvalidProof(f"the export lacks {expected}: {exc}") from exc
