"""Keep what gateways report."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "gateway_process",
        sa.Column(
            "site_id", sa.Integer, sa.ForeignKey("site.site_id"), primary_key=True
        ),
        sa.Column("gateway", sa.String(32), primary_key=True),
        sa.Column("instance", sa.String(32), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("heard_at", sa.BigInteger, nullable=False),
        sa.Column("as_of", sa.BigInteger),
        sa.Column("behind", sa.BigInteger),
        sa.Column("closed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "gateway_count",
        sa.Column(
            "site_id", sa.Integer, sa.ForeignKey("site.site_id"), primary_key=True
        ),
        sa.Column("gateway", sa.String(32), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("purpose", sa.String(32), primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        sa.Column("times", sa.BigInteger, nullable=False),
    )
