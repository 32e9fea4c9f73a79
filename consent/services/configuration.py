"""What the banner script is told about a publication, in one language and regime."""

import re
from typing import Any

from consent.domain import signalling
from consent.domain.appearance import Layout
from consent.domain.entries import Publication
from consent.domain.notices import Blocking, Notice, Party, Purpose
from consent.domain.vocabulary import Regime
from consent.services.changes import change
from consent.services.languages import (
    direction,
    gettext_for,
    is_spoken,
    listed,
    ngettext_for,
)

COOKIE_DAYS = 400


def configuration(
    publication: Publication, locale: str, regime: Regime
) -> dict[str, Any]:
    """Return what the script needs to know before anybody asks for details."""
    notice = publication.notice
    config = {
        "site": notice.site,
        "notice": publication.version,
        "locale": locale,
        "dir": direction(locale),
        "cookie": {"domain": notice.cookie_domain, "days": COOKIE_DAYS},
        "purposes": [
            {
                "id": purpose.id,
                "bit": publication.purposes[purpose.id].bit,
                "since": publication.purposes[purpose.id].since,
                "basis": purpose.basis,
                "title": purpose.title[locale],
                "vendors": [vendor.id for vendor in notice.vendors_of(purpose.id)],
                **({"sells": True} if purpose.sells else {}),
                **_news(publication, purpose, locale),
            }
            for purpose in notice.offered
        ],
        "vendors": {one.id: publication.vendors[one.id] for one in notice.vendors},
        "texts": _texts(publication, locale, regime),
    }
    optional = {
        "privacy": notice.privacy_policy,
        "accounts": bool(notice.accounts),
        "blocking": _blocking(notice) if notice.blocking else None,
        "sweep" if notice.never_ask else "cleanup": bool(_cleanup(notice)),
        "common": _common(notice, regime),
        "regime": None if notice.in_use == (Regime.OPT_IN,) else regime,
        "embeds": _embeds(locale) if _has_placeholders(notice) else None,
        "defaults": signalling.defaults(notice),
        "gpc": _gpc(notice, locale),
        **signalling.mappings(notice),
        "untranslated": not is_spoken(locale),
        "reload": notice.reload_on_withdrawal,
        "sisters": notice.origins if notice.carry_between_origins else None,
        "modal": notice.looks.layout is Layout.MODAL,
    }
    return config | {name: told for name, told in optional.items() if told}


def _news(publication: Publication, purpose: Purpose, locale: str) -> dict[str, str]:
    """Return what whoever decided about an older purpose is told, if it changed."""
    reasons = publication.purposes[purpose.id].reasons
    if not reasons:
        return {}
    changes = listed([change(reason, locale) for reason in reasons], locale)
    return {"news": f"{purpose.title[locale]} ({changes})"}


def _common(notice: Notice, regime: Regime) -> dict[str, Any]:
    """Return what to tell of common tokens, where the script may meet some."""
    if notice.never_ask or notice.in_use == (Regime.OPT_IN,):
        return {}
    return {"renews": regime is not Regime.OPT_IN}


def _blocking(notice: Notice) -> dict[str, Any]:
    """Return for what the tags of each host wait; some are needed in any case."""
    optional = {purpose.id for purpose in notice.optional}
    hosts: dict[str, list[str]] = {}
    for vendor in notice.vendors:
        if optional.issuperset(vendor.purposes):
            names = [f"{purpose}:{vendor.id}" for purpose in vendor.purposes]
            for host in vendor.hosts:
                hosts.setdefault(host, []).extend(names)
    return {"hosts": hosts, "report": notice.blocking is Blocking.REPORT}


def _has_placeholders(notice: Notice) -> bool:
    """Tell whether something stands in for what is held, to allow it there."""
    holds = notice.blocking is Blocking.HOLD
    return not notice.never_ask and (notice.embeds or holds)


def _embeds(locale: str) -> dict[str, str]:
    _ = gettext_for(locale)
    return {
        "from": _("Content from {host} is loaded only if you allow it."),
        "once": _("Load once"),
        "always": _("Always load"),
    }


def _cleanup(notice: Notice) -> dict[str, str]:
    """Return a pattern of what each purpose leaves on the site's own host, if any."""
    found = {}
    for purpose in notice.optional:
        names = {
            re.escape(cookie.name).replace(r"\*", ".*")
            for vendor in notice.vendors
            for cookie in vendor.cookies
            if cookie.purpose == purpose.id and cookie.party is Party.FIRST
        }
        if names:
            found[purpose.id] = f"^({'|'.join(sorted(names))})$"
    return found


def _gpc(notice: Notice, locale: str) -> str | None:
    """Return what is told to who sends Global Privacy Control, if anything is sold."""
    _ = gettext_for(locale)
    if not any(purpose.sells for purpose in notice.offered):
        return None
    return _(
        "Your browser sends Global Privacy Control, and we honour it: your data is "
        "neither sold nor shared unless you allow it here."
    )


def details(publication: Publication, locale: str) -> dict[str, Any]:
    """Return what the dialog says beyond the banner."""
    notice, _ = publication.notice, gettext_for(locale)
    return {
        "descriptions": {one.id: one.description[locale] for one in notice.purposes},
        "vendors": {vendor.id: vendor.name for vendor in notice.vendors},
        "cleanup": _cleanup(notice),
        "texts": {
            "save": _("Save choice"),
            "close": _("Close"),
            "always": _("Always on"),
            "title": _("Cookie settings"),
            "granted": _("Allowed"),
            "refused": _("Not allowed"),
        },
    }


def _texts(publication: Publication, locale: str, regime: Regime) -> dict[str, str]:
    notice = publication.notice
    _, ngettext = gettext_for(locale), ngettext_for(locale)
    count = len(notice.vendors)
    own = notice.texts
    heading = own.heading[locale] if own else _("Your choice about cookies")
    intro = own.intro[locale] if own else _standard_intro(publication, locale, regime)
    vendors = ngettext("%(num)s service in all", "%(num)s services in all", count)
    told = {"ok": _("OK")} if regime is Regime.INFORM else {}
    return told | {
        "label": _("Cookie choices"),
        "heading": heading,
        "intro": intro,
        "vendors": vendors % {"num": count},
        "accept": _("Accept all"),
        "reject": _("Reject all"),
        "settings": _("Settings"),
        "preferences": _("Details and all services"),
        "privacy": _("Privacy policy"),
        "reopen": _("Cookie choices"),
        "unsent": _(
            "Your choice is kept and will be sent when the connection is back."
        ),
    }


def _standard_intro(publication: Publication, locale: str, regime: Regime) -> str:
    _ = gettext_for(locale)
    texts = {
        Regime.OPT_IN: _(
            "%(controller)s asks before using cookies and similar tools that are not "
            "strictly necessary. You can change your mind or withdraw at any time, as "
            "easily as you choose now."
        ),
        Regime.OPT_OUT: _(
            "%(controller)s uses cookies and similar tools that are not strictly "
            "necessary, unless you reject them. You can do so here and now, and "
            "change your mind at any time."
        ),
        Regime.INFORM: _(
            "%(controller)s uses cookies and similar tools. Those that are not "
            "strictly necessary can be switched off in the settings at any time."
        ),
    }
    return texts[regime] % {"controller": publication.notice.controller.name}
