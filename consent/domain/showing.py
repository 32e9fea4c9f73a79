"""Where a request shows its tokens: in a header, else in the consent cookie."""


def tokens_shown(header: str, cookie: str, site: str) -> list[str]:
    """Return the tokens in the headers `Consent-Token` and `Cookie` of a request."""
    if header:
        return [token.strip() for token in header.split(",")]
    return cookie_values(cookie, f"consent_{site}")


def cookie_values(header: str, name: str) -> list[str]:
    """Return every cookie of this name: a browser may send several."""
    pairs = (part.partition("=") for part in header.split(";"))
    return [value.strip() for key, _, value in pairs if key.strip() == name]
