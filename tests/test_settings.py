import re
from dataclasses import fields
from pathlib import Path

import pytest

from consent.errors import BadSetting
from consent.settings import Settings

DOCS = (Path(__file__).parents[1] / "docs" / "settings.md").read_text("utf-8")


def test_nothing_set_is_the_embedded_default():
    settings = Settings.from_environ({"PATH": "/bin"})

    assert settings.database_url.startswith("sqlite:///")
    assert settings.workers == 1
    assert settings.https


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CONSENT_PORT", "http", "whole number from 1 to 65535, got 'http'"),
        ("CONSENT_PORT", "0", "whole number from 1 to 65535"),
        ("CONSENT_WORKERS", "-1", "whole number from 1 to 64"),
        ("CONSENT_HTTPS", "true", "'yes' or 'no', got 'true'"),
        ("CONSENT_POLL_SECONDS", "soon", "seconds from 0.01 to 10"),
        ("CONSENT_POLL_SECONDS", "nan", "seconds from 0.01 to 10"),
        ("CONSENT_MAX_STALE_SECONDS", "0", "seconds from 1 to 3600"),
        ("CONSENT_HOST", " ", "expected some text"),
        ("CONSENT_SECRET_KEYS", "short", "32 characters each"),
        ("CONSENT_WEBHOOK", "http://hook.example/", "an https address"),
        ("CONSENT_WEBHOOK", "http://127.0.0.1.example/", "an https address"),
        ("CONSENT_WEBHOOK", "http://localhost@hook.example/", "an https address"),
        ("CONSENT_WEBHOOK", "file:///etc/passwd", "an https address"),
        ("CONSENT_WEBHOOK_KEYS", "whsec_c2hvcnQ=", "base64 of 24 to 64 bytes"),
        ("CONSENT_WEBHOOK_KEYS", "A" * 44, "keys like whsec_"),
        ("CONSENT_PROT", "8000", "no such setting; there are CONSENT_DATABASE_URL"),
    ],
)
def test_a_wrong_one_names_itself_and_what_is_allowed(name, value, told):
    with pytest.raises(BadSetting, match=re.escape(told)) as raised:
        Settings.from_environ({name: value})

    assert raised.value.name == name
    assert str(raised.value).startswith(f"{name}: ")


def test_a_webhook_needs_a_key_to_sign_with():
    with pytest.raises(BadSetting, match="a webhook needs at least one key"):
        Settings.from_environ({"CONSENT_WEBHOOK": "https://hook.example/"})


def test_a_value_can_come_from_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("a" * 32 + "\n" + "b" * 32 + "\n")

    settings = Settings.from_environ({"CONSENT_SECRET_KEYS_FILE": str(file)})

    assert settings.secret_keys == ("a" * 32, "b" * 32)


def test_a_file_that_cannot_be_read_is_told():
    with pytest.raises(BadSetting, match="CONSENT_SECRET_KEYS_FILE: cannot read"):
        Settings.from_environ({"CONSENT_SECRET_KEYS_FILE": "/nowhere"})


def test_one_setting_twice_is_refused(tmp_path):
    both = {"CONSENT_PORT": "1", "CONSENT_PORT_FILE": str(tmp_path)}

    with pytest.raises(BadSetting, match="set twice"):
        Settings.from_environ(both)


def test_no_secret_value_is_told_in_an_error():
    with pytest.raises(BadSetting) as raised:
        Settings.from_environ({"CONSENT_SECRET_KEYS": "hunter2"})

    assert "hunter2" not in str(raised.value)


def test_no_password_of_the_database_is_told_either():
    with pytest.raises(BadSetting) as raised:
        Settings.from_environ({"CONSENT_DATABASE_URL": "postgres://role:hunter2@host"})

    assert "hunter2" not in str(raised.value)


def test_an_address_is_kept_without_its_last_slash():
    given = {"CONSENT_ADDRESS": " https://shop.example/_consent/ "}

    assert Settings.from_environ(given).address == "https://shop.example/_consent"


def test_every_setting_is_documented_with_its_default_and_what_is_allowed():
    rows = [line for line in DOCS.splitlines() if line.startswith("| `CONSENT_")]

    assert rows == [row for setting in fields(Settings) for row in rows_of(setting)]


def rows_of(setting):
    """Return the row of a variable; a field that is none has no row."""
    if not setting.metadata:
        return []
    name, allowed = f"CONSENT_{setting.name.upper()}", setting.metadata["kind"].allowed
    about = setting.metadata["about"]
    return [f"| `{name}` | {default_of(setting)} | {allowed} | {about} |"]


def default_of(setting):
    """Return a default as an operator would write it."""
    if setting.default in {(), None}:
        return "none"
    words = {True: "yes", False: "no"}
    written = words.get(setting.default) if setting.type is bool else setting.default
    return f"`{written}`"


def test_no_variable_is_documented_that_there_is_not():
    known = {f"CONSENT_{setting.name.upper()}" for setting in fields(Settings)}
    told = set(re.findall(r"CONSENT_[A-Z_]+", DOCS))

    assert {name.removesuffix("_FILE") for name in told} <= known
