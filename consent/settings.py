"""Settings: read once from CONSENT_* variables, checked, and passed down."""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from consent.errors import BadSetting

_PACKAGE = Path(__file__).parent
# A wheel carries the assets inside the package; a checkout has them beside it.
ASSETS = _PACKAGE / "assets" if (_PACKAGE / "assets").is_dir() else _PACKAGE.parent


Number = TypeVar("Number", int, float)
_MADE_HERE = {"CONSENT_TOKEN_KEYS", "CONSENT_CHECKPOINT_KEYS"}


class Kind(NamedTuple):
    """What a variable may say, in words, and what makes a value of it."""

    allowed: str
    parse: Callable[[str], Any]
    is_secret: bool = False


def _like(allowed: str, pattern: str, *, is_secret: bool = False) -> Kind:
    """Return the kind of texts that match as a whole; the first group is the value."""

    def parse(text: str) -> str:
        found = re.fullmatch(pattern, text.strip())
        if not found:
            raise ValueError(allowed)
        return found[1]

    return Kind(allowed, parse, is_secret)


def _whole(lowest: int, highest: int) -> Kind:
    def parse(text: str) -> int:
        if not text.isdecimal():
            raise ValueError(text)
        return _within(lowest, highest, int(text))

    return Kind(f"a whole number from {lowest} to {highest}", parse)


def _seconds(lowest: float, highest: float) -> Kind:
    def parse(text: str) -> float:
        return _within(lowest, highest, float(text))

    return Kind(f"seconds from {lowest} to {highest}", parse)


def _within(lowest: Number, highest: Number, value: Number) -> Number:
    if not lowest <= value <= highest:
        raise ValueError(value)
    return value


def _yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError(text)
    return text == "yes"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _long_words(text: str) -> tuple[str, ...]:
    if any(len(word) < 32 for word in _words(text)):
        raise ValueError("too short")
    return _words(text)


def _webhook_keys(text: str) -> tuple[str, ...]:
    for word in _words(text):
        kind, _, key = word.partition("_")
        if kind != "whsec" or not 24 <= len(b64decode(key, validate=True)) <= 64:
            raise ValueError("malformed")
    return _words(text)


_TEXT = _like("some text", r"(?s)(.+)")
_ADDRESS = _like(
    "an address like https://consent.example.com",
    r"(https?://[^\s/?#]+(?:/[^\s?#]*?)??)/*",
)
_HEADER = _like("the name of a header", r"([A-Za-z][A-Za-z0-9-]*)")
_DATABASE = _like(
    "sqlite:///path or postgresql+psycopg://role@host/name",
    r"((?:sqlite:///|postgresql\+psycopg://).*)",
    # It may carry a password.
    is_secret=True,
)
_WEBHOOK = _like(
    "an https address; http on this machine alone",
    r"(https://[^\s/?#@]+(?:[/?][^\s#]*)?"
    r"|http://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:[/?][^\s#]*)?)",
    # It may carry a password.
    is_secret=True,
)
_YES_OR_NO = Kind("'yes' or 'no'", _yes_or_no)
_KEYS = Kind("keys as `consent keys add` prints them", _words, is_secret=True)
_WEBHOOK_KEYS = Kind(
    "keys like whsec_ and base64 of 24 to 64 bytes", _webhook_keys, is_secret=True
)
_SECRETS = Kind("secrets of at least 32 characters each", _long_words, is_secret=True)


def _setting(kind: Kind, default: Any, about: str) -> Any:
    return field(default=default, metadata={"kind": kind, "about": about})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an operator can set; each field is the variable CONSENT_<NAME>.

    A variable with `_FILE` behind its name holds the path of a file to read.
    """

    database_url: str = _setting(
        _DATABASE,
        "sqlite:///instance/consent.sqlite3",
        "SQLAlchemy address of the database",
    )
    host: str = _setting(_TEXT, "127.0.0.1", "address to listen on")
    port: int = _setting(_whole(1, 65535), 8000, "port to listen on")
    workers: int = _setting(_whole(1, 64), 1, "server processes")
    https: bool = _setting(
        _YES_OR_NO,
        True,
        "whether visitors reach the service by https; `yes` marks cookies Secure",
    )
    proxies: int = _setting(
        _whole(0, 5), 0, "how many trusted proxies stand in front and set X-Forwarded-*"
    )
    region_header: str | None = _setting(
        _HEADER,
        None,
        "header in which a trusted proxy tells the visitor's region, as `US-CA`",
    )
    token_keys: tuple[str, ...] = _setting(
        _KEYS, (), "private token keys, base64url, newest last; see `consent keys add`"
    )
    token_keys_path: Path | None = None
    checkpoint_keys: tuple[str, ...] = _setting(
        _KEYS,
        (),
        "private keys that sign checkpoints, base64url, newest last; see "
        "`consent keys add --use checkpoint`",
    )
    checkpoint_keys_path: Path | None = None
    address: str = _setting(
        _ADDRESS,
        "http://localhost:8000",
        "where visitors and auditors reach the service; names a new site's ledger",
    )
    checkpoint_guard: str = _setting(
        _TEXT,
        "instance/checkpoints",
        "where the newest checkpoints are kept outside the database: a folder, or "
        "an http address that takes POST and GET",
    )
    worker: bool = _setting(
        _YES_OR_NO,
        True,
        "whether server processes also do the work of `consent worker`; they watch for "
        "forks either way",
    )
    limit_pages: int = _setting(
        _whole(0, 1_000_000),
        1200,
        "how many visitor's pages one network may ask for each minute; 0 for no limit",
    )
    limit_acts: int = _setting(
        _whole(0, 1_000_000),
        1200,
        "how many choices one network may send each minute; 0 for no limit",
    )
    limit_withdrawals: int = _setting(
        _whole(0, 1_000_000),
        1200,
        "how often one network may take something back or erase each minute; 0 for no "
        "limit",
    )
    limit_keys: int = _setting(
        _whole(0, 1_000_000),
        1200,
        "how many requests may be made with one API key each minute, and how many "
        "batches of checks by one network; 0 for no limit",
    )
    secret_keys: tuple[str, ...] = _setting(
        _SECRETS,
        (),
        "secrets that sign page sessions, newest last",
    )
    webhook: str | None = _setting(
        _WEBHOOK, None, "the address that is told of material changes"
    )
    webhook_keys: tuple[str, ...] = _setting(
        _WEBHOOK_KEYS, (), "keys that sign what it is told, newest last"
    )
    poll_seconds: float = _setting(
        _seconds(0.01, 10), 0.2, "how often each process asks for new entries"
    )
    max_stale_seconds: float = _setting(
        _seconds(1, 3600), 60.0, "how old the site state may be before checks deny"
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Return the settings; raises BadSetting that names the one at fault."""
        known = {f"CONSENT_{f.name.upper()}": f for f in fields(cls) if f.metadata}
        given = {name for name in environ if name.startswith("CONSENT_")}
        for name in sorted(given):
            if name.removesuffix("_FILE") not in known:
                allowed = ", ".join(known)
                raise BadSetting(name, f"no such setting; there are {allowed}")
        values: dict[str, Any] = {}
        for name, setting in known.items():
            text = _value(environ, name)
            if text is not None:
                values[setting.name] = _parsed(name, setting.metadata["kind"], text)
        for use in ("token", "checkpoint"):
            keys_file = environ.get(f"CONSENT_{use.upper()}_KEYS_FILE")
            values[f"{use}_keys_path"] = Path(keys_file) if keys_file else None
        if values.get("webhook") and not values.get("webhook_keys"):
            raise BadSetting("CONSENT_WEBHOOK_KEYS", "a webhook needs at least one key")
        return cls(**values)

    def require_secrets(self) -> None:
        """Raise BadSetting unless there is a secret to sign page sessions with."""
        if not self.secret_keys:
            raise BadSetting("CONSENT_SECRET_KEYS", "expected at least one secret")


def _value(environ: Mapping[str, str], name: str) -> str | None:
    direct, path = environ.get(name), environ.get(f"{name}_FILE")
    if direct is not None and path is not None:
        raise BadSetting(name, f"is set twice, directly and by {name}_FILE")
    if path is None:
        return direct
    if name in _MADE_HERE and not Path(path).exists():
        return None  # `consent keys add` creates it.
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSetting(f"{name}_FILE", f"cannot read {path}: {exc}") from exc


def _parsed(name: str, kind: Kind, text: str) -> Any:
    try:
        return kind.parse(text)
    except ValueError:
        got = "" if kind.is_secret else f", got {text.strip()!r}"
        raise BadSetting(name, f"expected {kind.allowed}{got}") from None
