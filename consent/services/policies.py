"""The privacy policy of a site: any edition, and what changed between two."""

from consent.domain.revisions import Revised, revised
from consent.errors import NotFound
from consent.services import markdown, notices
from consent.services.editions import Edition
from consent.services.runtime import Runtime


def editions(runtime: Runtime, site: str) -> tuple[Edition, ...]:
    """Return every edition of a site's policy, newest first; raises UnknownSite."""
    notices.in_force(runtime, site)
    return runtime.editions.of(runtime.follower.state(site))


def edition(runtime: Runtime, site: str, version: int | None = None) -> Edition:
    """Return the policy as a notice version had it, else as the one in force has it.

    Raises UnknownSite, and NotFound where that has none.
    """
    shown = notices.in_force(runtime, site)
    if version is not None:
        shown = notices.published(runtime, site, version)
    if not shown.notice.policy:
        raise NotFound(f"{site} has no privacy policy in notice {shown.version}")
    found = editions(runtime, site)
    return next(one for one in found if one.version <= shown.version)


def text(shown: Edition, locale: str) -> tuple[str, str]:
    """Return a policy in this language, if it was written in it, and in which it is."""
    texts = shown.policy.text
    spoken = locale if locale in texts else shown.locale
    return texts[spoken], spoken


def changes(old: Edition, new: Edition, locale: str) -> tuple[Revised, ...]:
    """Return the text of the new edition with what was added to the old and removed."""
    before, after = (markdown.passages(text(one, locale)[0]) for one in (old, new))
    return revised(before, after)
