"""Groups of subcommands whose help says the whole first sentence of each."""

import click

_ANY_LENGTH = 1_000


class Group(click.Group):
    """A group that wraps what its subcommands do; click cuts it off at the line's end."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the subcommands, each with its first sentence."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, it.get_short_help_str(_ANY_LENGTH)) for name, it in found if it is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
