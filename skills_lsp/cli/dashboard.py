"""``skills-lsp dashboard``: the charts in a browser."""

import asyncio
import contextlib
import signal
import webbrowser

import click

from skills_lsp.app.dashboard import serving
from skills_lsp.cli.console import ConsoleClient, console_app


@click.command("dashboard")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=None,
    help="The port on this machine; a free one when it is not given.",
)
@click.option("--no-open", is_flag=True, help="Print the address, and open no browser.")
@click.option(
    "--database",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Another database than your own, such as one of demo-data.",
)
def command(port: int | None, no_open: bool, database: str | None) -> None:
    """Show live charts of what was run in a browser, until Ctrl-C.

    The address that is printed works once, on this machine alone: whoever opens it first sees the page,
    and that browser goes on seeing it. What is run in any editor shows up at once.
    """
    asyncio.run(_serve(port or 0, is_opened=not no_open, database=database or ""))


async def _serve(port: int, *, is_opened: bool, database: str) -> None:
    ended = _ended_by_signal()
    async with (
        console_app(ConsoleClient(), database=database) as app,
        serving(app, port) as address,
    ):
        click.echo(address)
        click.echo("This is the dashboard. The address works once; Ctrl-C ends it.", err=True)
        # The browser's first question is for trends: what answers it takes a second to start.
        app.spawn(app.analyst().ask("trend", {"skills": []}))
        if is_opened:
            app.spawn(asyncio.to_thread(webbrowser.open, address))
        await ended.wait()
        click.echo("", err=True)


def _ended_by_signal() -> asyncio.Event:
    """Return what is set when the program is asked to end; an editor does it by SIGTERM."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C is an exception there
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    return ended
