"""Links for mails: signed, for one purpose and for a while, for whoever opens them."""

from datetime import datetime
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeSerializer

from consent.domain.choices import new_key
from consent.domain.entries import Record
from consent.domain.vocabulary import Decision
from consent.errors import InvalidLink, UnknownRecord
from consent.services import choices, notices
from consent.services.runtime import Runtime

_SALT = "consent-withdraw-link/v1"


def withdrawal_link(
    runtime: Runtime, site: str, subject: bytes, expires: datetime
) -> str:
    """Return the address at which a subject withdraws everything with one click.

    It names a record, and not the subject. Raises UnknownSite, BadSetting, or
    UnknownRecord if the subject has no record.
    """
    runtime.follower.state(site)
    head = runtime.ledger(site).head(subject)
    if head is None:
        raise UnknownRecord("there is no such record (any more)")
    text = _serializer(runtime).dumps([site, head.number, int(expires.timestamp())])
    query = urlencode({"lang": head.locale})
    return f"{runtime.settings.address}/{site}/withdraw/{text}?{query}"


def record_of(runtime: Runtime, site: str, link: str) -> Record:
    """Return the newest record of whoever a link is for; raises InvalidLink."""
    try:
        of_site, number, expires = _serializer(runtime).loads(link)
    except BadSignature as exc:
        raise InvalidLink("the link is damaged") from exc
    if of_site != site or expires <= runtime.clock.now().timestamp():
        raise InvalidLink("the link is too old, or of another site")
    try:
        record = runtime.ledger(site).record(number)
    except UnknownRecord as exc:
        raise InvalidLink("what the link is about was erased") from exc
    head = runtime.ledger(site).head(record.subject or b"")
    if head is None:
        raise InvalidLink("what the link is about was erased")
    return head


def withdraw(runtime: Runtime, site: str, link: str, region: str | None = None) -> None:
    """Withdraw everything for whoever a link is for, unless that is done already.

    Raises InvalidLink.
    """
    head = record_of(runtime, site, link)
    if not _is_withdrawn(runtime, head):
        choices.withdraw_of(
            runtime,
            site,
            subject=head.subject,
            key=new_key(runtime.clock.now()).hex(),
            locale=head.locale,
            region=region,
        )


def _is_withdrawn(runtime: Runtime, head: Record) -> bool:
    granted = {made.decision for made in head.decisions.values()} & {Decision.GRANTED}
    optional = {one.id for one in notices.in_force(runtime, head.site).notice.optional}
    return not granted and optional <= head.decisions.keys()


def _serializer(runtime: Runtime) -> URLSafeSerializer:
    runtime.settings.require_secrets()
    return URLSafeSerializer(list(runtime.settings.secret_keys), salt=_SALT)
