"""Entry point for WSGI servers: `wsgi:app`."""

from consent.app import create_from_environ

app = create_from_environ()
