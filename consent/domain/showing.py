"""Where a request shows its tokens: in a header, else in the consent cookie."""

import re

# Servers that join the lines of a header join those of cookies by a comma, too.
_BETWEEN_COOKIES = re.compile("[;,]")


def tokens_shown(header: str, cookie: str, site: str) -> list[str]:
    """Return the tokens in the headers `Consent-Token` and `Cookie` of a request."""
    if header:
        return [token.strip() for token in header.split(",")]
    return cookie_values(cookie, f"consent_{site}")


def cookie_values(header: str, name: str) -> list[str]:
    """Return every cookie of this name: a browser may send several."""
    pairs = (part.partition("=") for part in _BETWEEN_COOKIES.split(header))
    return [value.strip() for key, _, value in pairs if key.strip() == name]


def is_signalled(header: str) -> bool:
    """Tell whether `Sec-GPC` says so, in any of its lines."""
    return "1" in (value.strip() for value in header.split(","))
