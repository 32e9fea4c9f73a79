"""Material changes of a purpose, in a visitor's words."""

from consent.services.languages import gettext_for


def change(reason: str, locale: str) -> str:
    """Return how a purpose changed, by a reason of `publications.material`."""
    _ = gettext_for(locale)
    words = {
        "new purpose": _("new"),
        "basis": _("another legal basis"),
        "sale or sharing begins": _("data is now sold or shared"),
        "edition raised": _("done in another way"),
        "controller": _("another organisation is responsible"),
        "stricter regime": _("now only with your consent"),
        "vendor or country added": _("a service or country was added"),
    }
    return words[reason]
