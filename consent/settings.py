"""Settings: read once from CONSENT_* variables, checked, and passed down."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from consent.errors import BadSetting

_PACKAGE = Path(__file__).parent
# A wheel carries the assets inside the package; a checkout has them beside it.
ASSETS = _PACKAGE / "assets" if (_PACKAGE / "assets").is_dir() else _PACKAGE.parent


_MADE_HERE = {"CONSENT_TOKEN_KEYS", "CONSENT_CHECKPOINT_KEYS"}


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("expected some text")
    return value.strip()


def _database_url(value: str) -> str:
    if not value.strip().startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(
            "expected sqlite:///path or postgresql+psycopg://role@host/name"
        )
    return value.strip()


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value.strip()):
        raise ValueError("expected an address like https://consent.example.com")
    return value.strip().rstrip("/")


def _lines(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def _yes_or_no(value: str) -> bool:
    if value not in {"yes", "no"}:
        raise ValueError("expected 'yes' or 'no'")
    return value == "yes"


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isdecimal() or not lowest <= int(value) <= highest:
            raise ValueError(f"expected a whole number from {lowest} to {highest}")
        return int(value)

    return parse


def _seconds(lowest: float, highest: float) -> Callable[[str], float]:
    expected = f"expected seconds from {lowest} to {highest}"

    def parse(value: str) -> float:
        try:
            seconds = float(value)
        except ValueError:
            raise ValueError(expected) from None
        if not lowest <= seconds <= highest:
            raise ValueError(expected)
        return seconds

    return parse


def _setting(parse: Callable[[str], Any], default: Any, about: str) -> Any:
    return field(default=default, metadata={"parse": parse, "about": about})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an operator can set; each field is the variable CONSENT_<NAME>.

    A variable with `_FILE` behind its name holds the path of a file to read.
    """

    database_url: str = _setting(
        _database_url,
        "sqlite:///instance/consent.sqlite3",
        "SQLAlchemy address of the database: `sqlite:///path` or "
        "`postgresql+psycopg://role@host/name`",
    )
    host: str = _setting(_text, "127.0.0.1", "address to listen on")
    port: int = _setting(_whole(1, 65535), 8000, "port to listen on")
    workers: int = _setting(_whole(1, 64), 1, "server processes")
    https: bool = _setting(
        _yes_or_no,
        True,
        "whether visitors reach the service by https: `yes` or `no`; `yes` marks "
        "cookies Secure",
    )
    proxies: int = _setting(
        _whole(0, 5), 0, "how many trusted proxies stand in front and set X-Forwarded-*"
    )
    token_keys: tuple[str, ...] = _setting(
        _lines, (), "private token keys, base64url, newest last; see `consent keys add`"
    )
    token_keys_path: Path | None = None
    checkpoint_keys: tuple[str, ...] = _setting(
        _lines,
        (),
        "private keys that sign checkpoints, base64url, newest last; see "
        "`consent keys add --use checkpoint`",
    )
    checkpoint_keys_path: Path | None = None
    address: str = _setting(
        _address,
        "http://localhost:8000",
        "where visitors and auditors reach the service; names a new site's ledger",
    )
    checkpoint_guard: str = _setting(
        _text,
        "instance/checkpoints",
        "where the newest checkpoints are kept outside the database: a folder, or "
        "an http address that takes POST and GET",
    )
    worker: bool = _setting(
        _yes_or_no,
        True,
        "whether server processes also do the work of `consent worker`: `yes` or `no`",
    )
    secret_keys: tuple[str, ...] = _setting(
        _lines,
        (),
        "secrets that sign page sessions, newest last; 32 characters at least",
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
                values[setting.name] = _parsed(name, setting.metadata["parse"], text)
        for use in ("token", "checkpoint"):
            keys_file = environ.get(f"CONSENT_{use.upper()}_KEYS_FILE")
            values[f"{use}_keys_path"] = Path(keys_file) if keys_file else None
        for secret in values.get("secret_keys", ()):
            if len(secret) < 32:
                raise BadSetting("CONSENT_SECRET_KEYS", "expected 32 characters each")
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


def _parsed(name: str, parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError as exc:
        raise BadSetting(name, f"{exc}, got {text.strip()!r}") from None
