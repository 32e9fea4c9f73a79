"""Small values with sane defaults: a notice, its publication, acts."""

from datetime import UTC, datetime
from itertools import count

import msgspec

from consent.domain import publications
from consent.domain.choices import Choice, Withdrawal
from consent.domain.entries import subject_of
from consent.domain.notices import Notice
from consent.domain.terms import terms_of
from consent.domain.vocabulary import Decision, How

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SITE = "shop"
ORIGIN = "https://shop.example"
OTHER_ORIGIN = "https://other.example"
SECRET = "0123456789abcdef" * 2
ORIGIN_OF_LEDGER = "consent.example/v1/shop/ledger"
CHECKPOINT_KEY = "Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0M"
TOKEN_KEY = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"
_keys = count(1)


def fresh_key():
    """Return an idempotency key, as hex, that was not returned before."""
    return f"{next(_keys):032x}"


def text(words):
    """Return a text in the two languages of the test site."""
    return {"en": words, "de": f"{words} (de)"}


def purpose(purpose_id, basis="consent", **changes):
    """Return a purpose as a site file has it."""
    words = {name: text(f"{purpose_id} {name}") for name in ("title", "law")}
    described = {"description": text(f"What {purpose_id} is for.")}
    return {"id": purpose_id, "basis": basis, **words, **described, **changes}


def vendor(vendor_id, *purposes, **changes):
    """Return a vendor as a site file has it."""
    named = {"id": vendor_id, "name": vendor_id.title(), "purposes": purposes}
    return named | {"role": text(f"What {vendor_id} does.")} | changes


def make_notice(**changes):
    """Return a notice with a purpose of each basis, one that sells, and vendors."""
    return msgspec.convert(site_file(**changes), Notice)


def site_file(**changes):
    """Return the same as plain data."""
    return {
        "site": SITE,
        "origins": [ORIGIN],
        "locales": ["en", "de"],
        "regime": "opt-in",
        "controller": {"name": "Shop", "contact": "hello@shop.example"},
        "purposes": [
            purpose("necessary", "exempt"),
            purpose("analytics"),
            purpose("marketing", sells=True),
            purpose("audience", "objection"),
        ],
        "vendors": [
            vendor("stripe", "necessary"),
            vendor("matomo", "analytics"),
            vendor("maps", "marketing"),
            vendor("ads", "marketing"),
        ],
    } | changes


def in_each(value, locales, said):
    """Return a value of a site file with every text in these languages."""
    if isinstance(value, list | tuple):
        return [in_each(one, locales, said) for one in value]
    if not isinstance(value, dict):
        return value
    if "en" in value:
        return dict.fromkeys(locales, said(value))
    return {name: in_each(one, locales, said) for name, one in value.items()}


def make_publication(notice=None, *, previous=None, number=0, at=NOW):
    """Return the publication of a notice after another one."""
    draft = publications.Draft(notice or make_notice(), ORIGIN_OF_LEDGER)
    return draft.following(previous, number, at)


def make_terms(notice=None, **place):
    """Return the terms of a notice."""
    return terms_of(make_publication(notice, **place))


def decisions(**made):
    """Return decisions from words."""
    return {name: Decision(word) for name, word in made.items()}


def choice(terms, made, *, secret=SECRET, **changes):
    """Return a choice about the purposes in `made`, on the notice in force."""
    values = {
        "site": terms.site,
        "key": bytes.fromhex(fresh_key()),
        "subject": subject_of(terms.site, bytes.fromhex(secret)) if secret else None,
        "how": How.BANNER,
        "locale": "en",
        "shown": terms,
        "in_force": terms,
        "decisions": decisions(**made),
        "vendors": {},
        "regime": terms.regime_in(None),
    }
    return Choice(**values | changes)


def withdrawal(terms, *purposes, secret=SECRET, **changes):
    """Return a withdrawal of these purposes, or of everything."""
    values = {
        "site": terms.site,
        "key": bytes.fromhex(fresh_key()),
        "subject": subject_of(terms.site, bytes.fromhex(secret)) if secret else None,
        "how": How.API,
        "locale": "en",
        "shown": terms,
        "in_force": terms,
        "regime": terms.regime_in(None),
        "purposes": frozenset(purposes) or None,
    }
    return Withdrawal(**values | changes)


def body(made, *, secret=SECRET, **changes):
    """Return the body of POST records."""
    values = {
        "key": fresh_key(),
        "notice": 1,
        "decisions": made,
        "how": "banner",
        "locale": "en",
    }
    return values | ({"secret": secret} if secret else {}) | changes
