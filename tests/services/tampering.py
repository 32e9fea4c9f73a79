"""What an insider with the owner's rights could do to a ledger, by raw SQL."""

import secrets

from consent.domain import checkpoints
from consent.domain.entries import commitment

READ = {
    "entry": "SELECT * FROM entry WHERE number = :number",
    "content": "SELECT * FROM content WHERE number = :number",
}
INSERT = {
    "entry": "INSERT INTO entry (site_id, number, kind, at, commitment)"
    " VALUES (:site_id, :number, :kind, :at, :commitment)",
    "content": "INSERT INTO content"
    " (site_id, number, subject, previous, key, body, salt)"
    " VALUES (:site_id, :number, :subject, :previous, :key, :body, :salt)",
}


def edit_body(sql, number):
    """Change what a record says, and nothing else."""
    (body,) = sql("SELECT body FROM content WHERE number = :number", number=number)[0]
    changed = bytes(body).replace(b'"en"', b'"de"')
    assert changed != body
    sql(
        "UPDATE content SET body = :body WHERE number = :number",
        body=changed,
        number=number,
    )


def rewrite(sql, number):
    """Change what a record says, with a commitment that fits."""
    edit_body(sql, number)
    (body,) = sql("SELECT body FROM content WHERE number = :number", number=number)[0]
    salt = secrets.token_bytes(32)
    sql(
        "UPDATE content SET salt = :salt WHERE number = :number",
        salt=salt,
        number=number,
    )
    sql(
        "UPDATE entry SET commitment = :bound WHERE number = :number",
        bound=commitment(bytes(body), salt),
        number=number,
    )


def take(sql, number):
    """Remove an entry with its content; return both rows."""
    found = rows(sql, "entry", number), rows(sql, "content", number)
    sql("DELETE FROM content WHERE number = :number", number=number)
    sql("DELETE FROM entry WHERE number = :number", number=number)
    return found


def rows(sql, table, number):
    """Return an entry's row of a table, as a list of none or one."""
    return [row._asdict() for row in sql(READ[table], number=number)]


def put(sql, table, row):
    """Insert a row."""
    sql(INSERT[table], **row)


def renumber(sql, numbers):
    """Give whole entries other numbers: `{now: then}`."""
    taken = [(take(sql, now), then) for now, then in numbers.items()]
    for (entries, contents), then in taken:
        for row in entries:
            put(sql, "entry", row | {"number": then})
        for row in contents:
            put(sql, "content", row | {"number": then})


def swap_contents(sql, one, other):
    """Give two entries each other's content."""
    first, second = rows(sql, "content", one)[0], rows(sql, "content", other)[0]
    sql("DELETE FROM content WHERE number IN (:one, :other)", one=one, other=other)
    put(sql, "content", first | {"number": other})
    put(sql, "content", second | {"number": one})


def insert(sql, number, like):
    """Insert an entry that says the same as another one, under its own number."""
    entry, content = rows(sql, "entry", like)[0], rows(sql, "content", like)[0]
    body = bytes(content["body"]).replace(
        f'"number":{like}'.encode(), f'"number":{number}'.encode()
    )
    fresh = {"number": number, "commitment": commitment(body, bytes(content["salt"]))}
    put(sql, "entry", entry | fresh)
    put(sql, "content", content | {"number": number, "key": None, "body": body})


def publish_note(sql, note):
    """Replace the newest checkpoint."""
    sql("UPDATE checkpoint SET note = :note", note=note)


def newest(sql):
    """Return the newest checkpoint."""
    return checkpoints.unverified(sql("SELECT note FROM checkpoint")[0][0])


def resign(sql, key, **changes):
    """Sign other things than what is true, with a key."""
    said = newest(sql)._replace(**changes)
    publish_note(sql, checkpoints.sign(said, key))


def flip(one):
    """Return a hash with one bit changed."""
    return bytes([one[0] ^ 1]) + bytes(one[1:])
