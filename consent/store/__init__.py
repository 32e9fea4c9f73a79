"""Rows in, domain values out: SQLAlchemy stops here."""
