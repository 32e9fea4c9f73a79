"""What the signed session cookie keeps of a browser, site by site."""

import hmac
from secrets import compare_digest, token_hex
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_wtf.csrf import generate_csrf

from consent.errors import InvalidAccountProof
from consent.services import accounts
from consent.web import mounted
from consent.web.current import runtime

SITES = "sites"


class Visitor:
    """One browser on one site: its secret, and what it came with."""

    def __init__(self, site: str) -> None:
        self._site = site

    @property
    def secret(self) -> str | None:
        """The secret whose answer the pages show."""
        held = self._held()
        if held and accounts.is_over(runtime(), held):
            held = None
        return held or mounted.secret(request.environ, runtime(), self._site)

    @property
    def is_account(self) -> bool:
        """Whether what is shown is the answer of an account."""
        return accounts.is_proof(self.secret or "")

    @property
    def offered(self) -> tuple[str, str] | None:
        """Another secret this browser came with, and from which origin."""
        found = self._kept().get("offered")
        return (found[0], found[1]) if found else None

    @property
    def came_from(self) -> str | None:
        """The site's own origin that the visitor came from."""
        return self._kept().get("from")

    @property
    def refused(self) -> dict[str, int]:
        """The purposes said no to without a subject, with the notice version."""
        if self.is_account:
            return {}
        by_cookie = mounted.refused(request.environ, runtime(), self._site)
        return by_cookie | dict(self._kept().get("refused", {}))

    def arrive(self, origin: str | None) -> str | None:
        """Note where the visitor comes from; return the pass to hand over a secret.

        Only whoever comes from one of the site's pages gets one, for one use.
        """
        once = token_hex(16) if origin else None
        known = self._kept()
        if once or known.get("once"):
            self._keep(once=once, **({"from": origin} if origin else {}))
        return once

    def spend(self, once: str) -> bool:
        """Use the pass up; tell whether it was the right one."""
        held = self._kept().get("once") or ""
        self._keep(once=None)
        return compare_digest(held, once)

    def require_current(self) -> None:
        """Raise InvalidAccountProof if the account shown is logged in no longer."""
        held = self._held()
        if held and accounts.is_over(runtime(), held):
            raise InvalidAccountProof("the account proof has expired")

    def secret_for_grant(self) -> str:
        """Return the secret, making one if there is none.

        It is the same for all that one browser submits before it was answered:
        two forms at once must not become two subjects.
        """
        if self.secret is None:
            self.hold(_derived(self._site))
        return self.secret or ""

    def hold(self, secret: str) -> None:
        """Act for this secret or account proof from now on."""
        offered = self._kept().get("offered")
        same = offered and offered[0] == secret
        self._keep(secret=secret, offered=None if same else offered)

    def offer(self, secret: str, origin: str) -> None:
        """Keep a secret that came along beside the one held."""
        if secret != self.secret:
            self._keep(offered=[secret, origin])

    def switch(self) -> None:
        """Act for the offered secret; the one held is offered instead."""
        if self.offered:
            other, origin = self.offered
            held = [self.secret, origin] if self.secret else None
            self._keep(secret=other, offered=held, refused=None)

    def log_in(self, proof: str, origin: str) -> None:
        """Act for an account; the browser's own secret is offered instead."""
        own = None if self.is_account else self.secret
        self.hold(proof)
        if own:
            self.offer(own, origin)

    def log_out(self) -> None:
        """Leave nothing of an account to whoever comes next."""
        if accounts.is_proof(self._held() or ""):
            self._keep(secret=None)
        if self.offered and accounts.is_proof(self.offered[0]):
            self._keep(offered=None)

    def forget(self, refused: dict[str, int]) -> None:
        """Drop the secret; what was refused stays so, by nobody in particular."""
        self._keep(secret=None, refused=refused or None)

    def remember(self, refused: dict[str, int]) -> None:
        """Remember what was said no to without a subject."""
        if refused != self.refused:
            self._keep(refused=refused or None)

    def renew(self) -> None:
        """Let the cookie live on for a full term, if it holds a secret."""
        if self.secret:
            session.modified = True

    def _held(self) -> str | None:
        held: str | None = self._kept().get("secret")
        return held

    def _kept(self) -> dict[str, Any]:
        found = session.get(SITES, {}).get(self._site, {})
        return dict(found)

    def _keep(self, **values: Any) -> None:
        kept = {k: v for k, v in (self._kept() | values).items() if v is not None}
        sites = {**session.get(SITES, {}), self._site: kept}
        session[SITES] = {site: of_site for site, of_site in sites.items() if of_site}
        # Only who granted something is remembered beyond this visit.
        session.permanent = any("secret" in kept for kept in session[SITES].values())


def origin_of_referrer() -> str | None:
    """Return the origin of the page that the visitor comes from."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def is_from_here() -> bool:
    """Tell whether a post was sent by one of our own pages, as far as is said."""
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def _derived(site: str) -> str:
    generate_csrf()
    key = current_app.config["SECRET_KEY"].encode()
    text = f"consent-secret/v1\n{site}\0{session['csrf_token']}"
    return hmac.digest(key, text.encode(), "sha256")[:16].hex()
