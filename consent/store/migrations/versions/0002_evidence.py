"""Add what proves a ledger: the roots of full tiles, the newest checkpoint, keys.

A site's origin is the name under which its ledger is signed. Sites that are there
already get one of this machine; `consent ledger resume --new-origin` changes it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and give each site an origin."""
    op.add_column(
        "site", sa.Column("origin", sa.String(400), nullable=False, server_default="")
    )
    op.execute("UPDATE site SET origin = 'localhost/v1/' || key || '/ledger'")
    op.create_table(
        "node",
        sa.Column(
            "site_id", sa.Integer, sa.ForeignKey("site.site_id"), primary_key=True
        ),
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column(
            "site_id", sa.Integer, sa.ForeignKey("site.site_id"), primary_key=True
        ),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "checkpoint_key",
        sa.Column("kid", sa.String(16), primary_key=True),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("retired_at", sa.BigInteger),
        sa.Column("trusted", sa.Boolean, nullable=False),
    )
