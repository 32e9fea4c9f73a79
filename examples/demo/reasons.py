"""What each reason of a verdict means, in a sentence for people."""

MEANINGS = {
    "granted": "The visitor allowed this purpose.",
    "default": "Allowed unless the visitor says no, and nobody did.",
    "necessary": "The site cannot work without it, so nobody is asked.",
    "uncontested": "Allowed until the visitor objects, and nobody did.",
    "missing": "No token came with it: the visitor has not answered yet.",
    "refused": "The visitor refused this purpose.",
    "objected": "The visitor objected to this purpose.",
    "withdrawn": "The visitor took this consent back.",
    "superseded": "The visitor has chosen anew since this token was signed.",
    "expired": "The consent is older than the site allows.",
    "outdated": "The notice has changed since; the visitor has to be asked again.",
    "invalid": "The token is not one that the consent service signed.",
    "signal": "The browser asks not to sell or share (Global Privacy Control).",
    "suspended": "The operator has suspended this purpose.",
    "stale": "The service's own knowledge is too old to decide by.",
    "unknown": "The notice has no such purpose.",
    "unreachable": "The consent service did not answer, so nothing may fire.",
}


def meaning(reason: str) -> str:
    """Return the sentence for a reason, or nothing for one we do not know."""
    return MEANINGS.get(reason, "")
