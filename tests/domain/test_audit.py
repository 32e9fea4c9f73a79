import secrets

import pytest

from consent.domain import entries
from consent.domain.audit import Audit, Line
from tests.factories import SITE, choice, make_publication, make_terms

RECORD = choice(make_terms(), {"analytics": "granted"})


def line(number, body, **changes):
    """Return the line of an entry that commits to these bytes."""
    salt = secrets.token_bytes(entries.SALT_BYTES)
    said = entries.decode(body) if not changes.pop("unread", False) else RECORD
    values = {
        "number": number,
        "kind": "record",
        "at": round(getattr(said, "at", AT).timestamp() * 1_000_000),
        "commitment": entries.commitment(body, salt),
        "body": body,
        "salt": salt,
    }
    return Line(**values | changes)


PUBLICATION = make_publication()
AT = PUBLICATION.at


def faults(*lines):
    """Return what a walk over a publication and these lines finds."""
    audit = Audit(SITE)
    first = line(0, entries.encode(PUBLICATION), kind="publication")
    return [str(fault) for fault in (*audit.walk([first, *lines]), *audit.close())]


def erasure(**changes):
    """Return an erasure as somebody else than the writer might have written it."""
    body = entries.Erasure(site=SITE, number=1, at=AT, numbers=(7,))
    text = entries.encode(body)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return line(1, text, kind="erasure", unread=True, at=round(AT.timestamp() * 1e6))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"[7]", b"[-1]"),
        (b"[7]", b"[-99999999]"),
        (b"2026-03-04T05:06:07Z", b"2026-03-04T05:06:07"),
        (b"2026-03-04T05:06:07Z", b"0001-01-01T00:00:00"),
    ],
    ids=["an entry from the end", "far below", "no time zone", "the first year"],
)
def test_what_the_writer_never_writes_is_no_content(old, new):
    assert faults(erasure(changed=(old, new))) == [
        "entry 1 has content that cannot be read"
    ]


@pytest.mark.parametrize(
    "changes",
    [{"at": "yesterday"}, {"commitment": 5}, {"salt": "salt"}, {"body": "plain"}],
    ids=lambda changes: next(iter(changes)),
)
def test_values_of_another_kind_are_named_and_the_walk_goes_on(changes):
    """SQLite takes them, and a verifier that stops there sees nothing after it."""
    text = entries.encode(RECORD.following(None, 1, AT))
    later = entries.encode(RECORD.following(None, 2, AT))
    odd, forged = line(1, text), line(2, later)

    found = faults(odd._replace(**changes), forged._replace(salt=bytes(32)))

    assert any(one.startswith("entry 1 ") for one in found)
    assert "entry 2 does not hold the content it commits to" in found


def test_a_fault_is_one_line_that_a_terminal_can_only_print():
    text = entries.encode(RECORD.following(None, 1, AT))

    (found,) = faults(line(1, text, kind="\x1b[2Jreco\nrd"))

    assert found.isprintable()
