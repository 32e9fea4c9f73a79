"""Serve the shop or the gateway: `python -m examples.demo.serve shop …`."""

import signal
import sys
from types import FrameType

import click
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from examples.demo.gateway import create_gateway
from examples.demo.shop import create_shop


class Quiet(WSGIRequestHandler):
    """Handles requests without a line for each: the terminal shows events."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def end(signum: int, frame: FrameType | None) -> None:
    """Leave at once; neither program has anything to save."""
    sys.exit(0)


def serve(app: Flask, bind: str, port: int) -> None:
    """Serve an application until told to end."""
    signal.signal(signal.SIGTERM, end)
    make_server(bind, port, app, threaded=True, request_handler=Quiet).serve_forever()


@click.group()
def main() -> None:
    """Serve one of the demonstration's own two programs."""


@main.command()
@click.argument("bind")
@click.argument("port", type=int)
@click.argument("service_url")
@click.argument("gateway_url")
def shop(bind: str, port: int, service_url: str, gateway_url: str) -> None:
    """Serve the marketing site."""
    serve(create_shop(service_url, gateway_url), bind, port)


@main.command()
@click.argument("bind")
@click.argument("port", type=int)
@click.argument("service_url")
@click.argument("shop_origin")
def gateway(bind: str, port: int, service_url: str, shop_origin: str) -> None:
    """Serve the analytics gateway."""
    serve(create_gateway(service_url, shop_origin), bind, port)


if __name__ == "__main__":
    main()
