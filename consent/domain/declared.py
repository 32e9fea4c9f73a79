"""What every part of a site file is made of."""

from typing import Annotated

import msgspec
from msgspec import Meta


def matching(pattern: str, max_length: int | None = None) -> Meta:
    """Return the constraint that a whole text matches; `$` alone allows a newline."""
    return Meta(pattern=rf"^{pattern}$(?!\n)", max_length=max_length)


Key = Annotated[str, matching(r"[a-z][a-z0-9-]{0,31}")]


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a notice, as the operator wrote it; a field not known is an error."""
