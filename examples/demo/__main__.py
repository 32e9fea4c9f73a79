"""Run the demonstration: `python -m examples.demo`."""

import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import click
from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from examples.demo.errors import DemoError
from examples.demo.places import ROOT, Place, Places
from examples.demo.preparation import prepare
from examples.demo.processes import require_free, running, wait_until_ready, watch

TRY = (
    "Open the shop. The banner asks; nothing has fired, nothing is stored.",
    "Press [bold]Send an event anyway[/] in the bar on top: [red]HELD[/], missing.",
    "Press [bold]Accept all[/]. Both tags run at once: [green]FIRED[/], granted.",
    "[bold]Privacy settings[/], [bold]Withdraw everything[/], back to the shop,"
    " send an event again: [red]HELD[/].",
    "Each event appears here and on the gateway's page, with its reason.",
)


def welcome(places: Places) -> Panel:
    """Return the three addresses and what to try."""
    addresses = Table.grid(padding=(0, 3))
    for place in (places.shop, places.gateway, places.service):
        address = place.address
        if place is places.service:
            address += "/hummingbytes/preferences"
        addresses.add_row(
            place.title.capitalize(), f"[bold cyan][link={address}]{address}[/link][/]"
        )
    steps = "\n".join(f"[bold]{n}[/]  {step}" for n, step in enumerate(TRY, 1))
    folder = escape(str(places.folder))
    where = f"[dim]All of it is kept in {folder}. Ctrl-C ends all three.[/]"
    content = Group(addresses, "", steps, "", where)
    return Panel(content, title="Consent, demonstrated", padding=(1, 2), expand=False)


def run(places: Places, console: Console) -> None:
    """Start everything, say what to try, and stay until somebody wants to stop."""
    stop = threading.Event()

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        stop.set()

    require_free(places)
    prepare(places)
    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    with running(places) as children:
        wait_until_ready(children, stop)
        if not stop.is_set():
            console.print(welcome(places))
        watch(children, stop)
        console.print("Ending …", style="dim")


@click.command(context_settings={"auto_envvar_prefix": "DEMO", "show_default": True})
@click.option("--service-port", default=8000, show_envvar=True)
@click.option("--shop-port", default=8001, show_envvar=True)
@click.option("--gateway-port", default=8002, show_envvar=True)
@click.option("--service-name", default="consent.localhost", show_envvar=True)
@click.option("--shop-name", default="shop.localhost", show_envvar=True)
@click.option("--gateway-name", default="gateway.localhost", show_envvar=True)
@click.option("--bind", default="127.0.0.1", show_envvar=True)
@click.option(
    "--folder",
    default=ROOT / "instance/demo",
    type=click.Path(file_okay=False, path_type=Path),
    show_envvar=True,
)
def main(
    *,
    service_port: int,
    shop_port: int,
    gateway_port: int,
    service_name: str,
    shop_name: str,
    gateway_name: str,
    bind: str,
    folder: Path,
) -> None:
    """Run the service, a marketing page with its banner, and an analytics gateway."""
    console = Console()
    places = Places(
        Place("consent service", "DEMO_SERVICE_PORT", service_name, bind, service_port),
        Place("shop", "DEMO_SHOP_PORT", shop_name, bind, shop_port),
        Place("gateway", "DEMO_GATEWAY_PORT", gateway_name, bind, gateway_port),
        folder.resolve(),
    )
    try:
        run(places, console)
    except DemoError as exc:
        console.print(str(exc), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
