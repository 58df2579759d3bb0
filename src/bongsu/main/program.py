"""The `bongsu` program: a list of commands, each imported only when it is called.

The list stands here in words so that `bongsu --help` answers at once: NumPy, the message
engine and the cryptography are loaded by the commands that need them.
"""

from importlib import import_module
from typing import NamedTuple

import click

from bongsu import __version__


class CommandSource(NamedTuple):
    module: str
    attribute: str
    short_help: str


COMMANDS: dict[str, CommandSource] = {
    "demo": CommandSource("demo", "demo", "A published flight, three nations, one warning each."),
    "node": CommandSource("node", "node", "Run one node of one nation."),
    "tracker": CommandSource("tracker", "tracker", "Run a nation's tracker process."),
    "sensor": CommandSource("sensor", "sensor", "Run a made-up sensor (exercise realm only)."),
    "keys": CommandSource("keys", "keys", "Make keys of a nation, or of a made-up federation."),
    "invite": CommandSource("invite", "invite", "Let a newcomer join, or join."),
    "guideline": CommandSource(
        "guideline", "guideline", "Sign what may be shared; see what is in force."
    ),
    "console": CommandSource("console", "console", "Serve a running node over HTTP, here only."),
    "people": CommandSource("people", "people", "Who may log in at a console, and as what."),
    "warnings": CommandSource(
        "warnings", "warnings", "What is open now, ours and partners', the most urgent first."
    ),
    "alarms": CommandSource(
        "alarms", "alarms", "What the watch has to have seen; acknowledge it, silence it."
    ),
    "shift": CommandSource("shift", "shift", "Begin or end a shift; what is handed over."),
    "links": CommandSource("links", "links", "How each link of a running node is."),
    "tracks": CommandSource(
        "tracks", "tracks", "Each nation's tracks side by side, and what they say together."
    ),
    "health": CommandSource(
        "health", "health", "How a running node, its sensors and its clock are."
    ),
    "carry": CommandSource("carry", "carry", "Carry feeds as files when every wire is cut."),
    "site": CommandSource("site", "site", "Which site speaks for its nation; take over, release."),
    "disk": CommandSource("disk", "disk", "What a node's log takes, and how long there is room."),
    "archive": CommandSource("archive", "archive", "Let old bulk content go; its hashes stay."),
    "record": CommandSource("record", "record", "Look at a record; file a notice or a report."),
    "recall": CommandSource(
        "recall", "recall", "Withdraw what was stated, everywhere; who has done so."
    ),
    "release": CommandSource("release", "release", "Who would get what of a record, and when."),
    "verify": CommandSource("verify", "verify", "Check a node's whole log offline."),
    "flight": CommandSource("flight", "flight", "Published flights: list them, check claims."),
    "scenario": CommandSource("scenario", "scenario", "Exercise scenarios: check one, start one."),
    "simulate": CommandSource(
        "simulate", "simulate", "Whole federations under faults, from seeds."
    ),
    "track": CommandSource("track", "track", "Run the tracker on recorded plots."),
}


class LazyCommands(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        source = COMMANDS.get(cmd_name)
        if source is None:
            return None
        module = import_module(f"bongsu.main.commands.{source.module}")
        command: click.Command = getattr(module, source.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, source.short_help) for name, source in COMMANDS.items()])


@click.group(cls=LazyCommands, epilog="Start with: bongsu demo")
@click.version_option(__version__, prog_name="bongsu")
def bongsu() -> None:
    """Launch warnings, shared between sovereign nodes.

    Shell completion: eval "$(_BONGSU_COMPLETE=bash_source bongsu)" (or zsh_source,
    fish_source).
    """
