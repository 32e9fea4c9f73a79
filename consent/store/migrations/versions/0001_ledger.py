"""Create the ledger: sites, entries, contents, heads and token keys.

The database itself refuses what the code never does: changing or removing an
entry, changing content, removing content that is no record's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_PROTECTED = {
    "entry": ("UPDATE", "DELETE", "TRUNCATE"),
    "content": ("UPDATE", "TRUNCATE"),
}
_NOT_A_RECORD = (
    "EXISTS (SELECT 1 FROM entry WHERE entry.site_id = OLD.site_id"
    " AND entry.number = OLD.number AND entry.kind <> 'record')"
)


def upgrade() -> None:
    """Create tables and triggers."""
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def _create_tables() -> None:
    op.create_table(
        "site",
        sa.Column("site_id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(32), nullable=False, unique=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("publication", sa.BigInteger),
    )
    op.create_table(
        "entry",
        sa.Column(
            "site_id", sa.Integer, sa.ForeignKey("site.site_id"), primary_key=True
        ),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("commitment", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("length(commitment) = 32", name="entry_commitment_length"),
        sa.CheckConstraint("number >= 0", name="entry_number_not_negative"),
    )
    op.create_table(
        "content",
        sa.Column("site_id", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("subject", sa.LargeBinary),
        sa.Column("previous", sa.BigInteger),
        sa.Column("key", sa.LargeBinary),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "number"],
            ["entry.site_id", "entry.number"],
            name="content_of_entry",
        ),
        sa.CheckConstraint("length(salt) = 32", name="content_salt_length"),
    )
    op.create_index("content_key", "content", ["site_id", "key"], unique=True)
    op.create_table(
        "head",
        sa.Column(
            "site_id", sa.Integer, sa.ForeignKey("site.site_id"), primary_key=True
        ),
        sa.Column("subject", sa.LargeBinary, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token_key",
        sa.Column("kid", sa.String(16), primary_key=True),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("retired_at", sa.BigInteger),
        sa.Column("trusted", sa.Boolean, nullable=False),
    )


def _protect_sqlite() -> None:
    for table, actions in _PROTECTED.items():
        for action in actions:
            if action != "TRUNCATE":
                _refuse_sqlite(table, action)
    _refuse_sqlite("content", "DELETE", f"WHEN {_NOT_A_RECORD}")


def _refuse_sqlite(table: str, action: str, condition: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
        f" {condition} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, actions in _PROTECTED.items():
        for action in actions:
            _refuse_postgresql(table, action)
    op.execute(
        "CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {_NOT_A_RECORD} THEN"
        " RAISE EXCEPTION 'content is append-only'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER content_no_delete BEFORE DELETE ON content"
        " FOR EACH ROW EXECUTE FUNCTION refuse_removal()"
    )


def _refuse_postgresql(table: str, action: str) -> None:
    # By statement: a change that matches no row is refused as well.
    op.execute(
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
