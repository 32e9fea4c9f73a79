"""Let API keys vouch for accounts; keep what webhooks have to tell until it is told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what verifies a key's signatures, and create the table."""
    op.add_column("api_key", sa.Column("public", sa.LargeBinary))
    op.create_table(
        "outbox",
        sa.Column(
            "site_id", sa.Integer, sa.ForeignKey("site.site_id"), primary_key=True
        ),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
    )
    op.create_index("outbox_due", "outbox", ["due_at"])
