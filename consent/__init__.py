"""A self-hosted consent and cookie management service."""
