"""Which requests spend which budget, and the network that they come from."""

from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

from flask import Flask, request

from consent.errors import TooManyRequests
from consent.services.limits import Budget
from consent.settings import Settings
from consent.web.current import api_key
from consent.web.wire import Environ

_TAKES_BACK = {"withdraw", "withdrawals", "erase", "erasure", "refused", "objected"}
_ASKS = {"history", "export"}
# Gateways, auditors, monitors and caches ask these, at a pace of their own.
_FOR_PROGRAMS = ("/v1/", "/static/", "/.well-known/", "/healthz", "/readyz")
_BATCH = "api.check"
_HOUSEHOLD_BITS = 56


class Limits:
    """The budgets of visitors; to take something back never waits for the others."""

    def __init__(self, settings: Settings) -> None:
        self._pages = Budget("pages", settings.limit_pages)
        self._acts = Budget("acts", settings.limit_acts)
        self._withdrawals = Budget("withdrawals", settings.limit_withdrawals)
        self._keys = Budget("requests with an API key", settings.limit_keys)
        self._batches = Budget("batches of checks", settings.limit_keys)

    def spend_act(self, environ: Environ, act: str) -> None:
        """Let an act through; raises TooManyRequests if its budget is spent."""
        if act in _TAKES_BACK:
            _spend(self._withdrawals, environ)
        elif act in _ASKS:
            _spend(self._pages, environ)
        else:
            _spend(self._acts, environ)

    def init_app(self, app: Flask) -> None:
        """Let requests for pages, those with a key, and batches spend theirs."""
        app.before_request(self._spend_page)
        app.before_request(self._spend_key)

    def _spend_page(self) -> None:
        is_receipt = request.blueprint == "receipts"
        if request.path.startswith(_FOR_PROGRAMS) and not is_receipt:
            return
        if request.method == "POST":
            view = str(request.endpoint).rpartition(".")[2]
            decided = request.form.get("decision", view)
            self.spend_act(request.environ, decided if view == "decide" else view)
        else:
            _spend(self._pages, request.environ)

    def _spend_key(self) -> None:
        key = api_key()
        if key is not None:
            _wait_for(self._keys, key.encode())
        if request.endpoint == _BATCH:
            # With a key too: whether it is one is not known yet.
            _spend(self._batches, request.environ)


def network_of(address: str) -> bytes | None:
    """Return what a household or an office is counted as, or None if it is not.

    An IPv4 address is often shared by a whole office already; of IPv6 each household
    has a prefix. Addresses of no public network are the operator's own: where they
    stand for a proxy that no setting names, they stand for everybody.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    if not parsed.is_global:
        return None
    if isinstance(parsed, IPv6Address):
        household = ip_network((parsed, _HOUSEHOLD_BITS), strict=False)
        return household.network_address.packed
    return parsed.packed


def _spend(budget: Budget, environ: Environ) -> None:
    network = network_of(environ.get("REMOTE_ADDR", ""))
    if network is not None:
        _wait_for(budget, network)


def _wait_for(budget: Budget, who: bytes) -> None:
    wait_seconds = budget.wait_seconds(who, monotonic())
    if wait_seconds:
        raise TooManyRequests(wait_seconds)
