"""One family of errors; each class has a stable code and knows nothing of HTTP."""

from collections.abc import Sequence
from typing import NamedTuple


class ConsentError(Exception):
    """Anything this project refuses or cannot do."""

    code = "error"


class BadSetting(ConsentError):
    """A setting is missing or malformed."""

    code = "bad_setting"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name


class InvalidToken(ConsentError):
    """The text is no token of ours, or says what no token may say."""

    code = "invalid_token"


class InvalidChoice(ConsentError):
    """A choice or withdrawal that the notice does not allow."""

    code = "invalid_choice"


class InvalidCheck(ConsentError):
    """A check asks about what cannot be answered."""

    code = "invalid_check"


class InvalidEvents(ConsentError):
    """A table of events cannot be read, or its verdicts cannot be written."""

    code = "invalid_events"


class InvalidName(ConsentError):
    """A name that nothing may be given."""

    code = "invalid_name"


class InvalidApiKey(ConsentError):
    """An API key is needed, and none of the site's was shown."""

    code = "invalid_api_key"


class InvalidAccountProof(ConsentError):
    """An account proof was not signed by the site, or has expired."""

    code = "invalid_account_proof"


class MalformedBody(ConsentError):
    """The body is not what the contract asks for."""

    code = "malformed_body"


class BodyTooLarge(ConsentError):
    """The body is larger than any honest request."""

    code = "body_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"a body has at most {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class UnsupportedMediaType(ConsentError):
    """The body is of a type that we do not read."""

    code = "unsupported_media_type"

    def __init__(self) -> None:
        super().__init__("send JSON as text/plain or application/json")


class ForbiddenOrigin(ConsentError):
    """The request comes from a page that is not one of the site's."""

    code = "forbidden_origin"

    def __init__(self, origin: str | None) -> None:
        super().__init__(f"origin {origin or 'missing'} is not one of the site's")
        self.origin = origin


class NotFound(ConsentError):
    """There is no such thing."""

    code = "not_found"


class InvalidLink(NotFound):
    """A link of a mail is damaged, or too old."""

    code = "invalid_link"


class MethodNotAllowed(ConsentError):
    """The address exists, but not for this method."""

    code = "method_not_allowed"

    def __init__(self, allowed: str) -> None:
        super().__init__(f"this address takes {allowed}")
        self.allowed = allowed


class UnknownSite(NotFound):
    """No notice was ever published under this key."""

    code = "unknown_site"

    def __init__(self, site: str) -> None:
        super().__init__(f"there is no site {site!r}")
        self.site = site


class SnapshotNeeded(ConsentError):
    """What happened after that number cannot be told: start from a snapshot."""

    code = "snapshot_needed"


class AnotherLedger(ConsentError):
    """What was told before is not how the ledger of now began: entries were lost."""

    code = "another_ledger"


class UnknownRecord(NotFound):
    """The ledger has no such record, or its content is gone."""

    code = "unknown_record"


class KeyReused(ConsentError):
    """An idempotency key came back with another body."""

    code = "key_reused"

    def __init__(self, key: bytes) -> None:
        super().__init__(f"key {key.hex()} was used for something else")
        self.key = key


class InvalidProof(ConsentError):
    """A checkpoint, receipt or export does not prove what it says."""

    code = "invalid_proof"


class Forked(ConsentError):
    """A ledger no longer fits what was signed of it before."""

    code = "forked"


class Overloaded(ConsentError):
    """Too much is waiting to be written; try again soon."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__("too many records are waiting; try again")


class TooManyRequests(ConsentError):
    """One network, or one API key, asked more often than the service lets it."""

    code = "too_many_requests"

    def __init__(self, wait_seconds: float) -> None:
        super().__init__("too many requests; try again")
        self.wait_seconds = wait_seconds


class Unavailable(ConsentError):
    """The database cannot be reached or written; nothing was recorded."""

    code = "unavailable"


class Unguarded(Unavailable):
    """The guard of checkpoints cannot be reached; nothing is signed meanwhile."""

    code = "unguarded"


class MissingKey(ConsentError):
    """There is no private key to sign tokens with, or it is not known yet."""

    code = "missing_key"


class Problem(NamedTuple):
    """One fault of a site file: where it is and what is expected there."""

    field: str
    expected: str
    line: int | None = None

    def in_file(self, file: str) -> str:
        """Return it in one line, as compilers tell of an error."""
        place = f"{file}:{self.line}" if self.line else file
        return f"{place}: {self.field}: {self.expected}"


class InvalidSite(ConsentError):
    """A site file says what a site may not say."""

    code = "invalid_site"

    def __init__(self, problems: Sequence[Problem], file: str = "") -> None:
        super().__init__("\n".join(problem.in_file(file) for problem in problems))
        self.problems = tuple(problems)
