"""The command line: forvent report | identify | discover | market | demo | backtest | promise | …"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import entry_points
from types import MappingProxyType

from forvent import __version__
from forvent.errors import ForventError

#: The files of commands, in the order of the help, each with its own: only what is asked for is loaded.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "report": ("report", "demo"),
        "identify": ("identify",),
        "promises": ("backtest", "promise", "waits"),
        "expectations": ("pack", "correct"),
        "discovery": ("discover", "accept"),
        "encoders": ("encoder",),
        "alerts": ("alerts",),
        "market": ("market",),
        "surveyed": ("gap",),
        "kano": ("kano",),
        "drivers": ("drivers",),
        "scores": ("scores",),
        "loyalty": ("loyalty",),
        "predict": ("predict",),
        "plan": ("plan",),
    }
)
#: Commands that other packages add to: the demo opens the workspace. To ask all packages for such commands
#: would cost every command a look at all that is installed.
ADDED_TO = ("demo",)

WRONG_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0, 2 for input that cannot be used, 130 after Ctrl-C."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(*given[:1]).parse_args(given)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except ForventError as error:
        print(f"forvent: {error}", file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        print("forvent: stopped; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`forvent … | head`): no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _parser(asked: str | None = None) -> argparse.ArgumentParser:
    """The parser of all commands, or of the room of the one that is asked for."""
    parser = argparse.ArgumentParser(
        prog="forvent", description="Know what customers expect; promise what you can keep."
    )
    parser.add_argument("--version", action="version", version=f"forvent {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    rooms = [room for room, names in GROUPS.items() if asked in names]
    for room in rooms or GROUPS:
        module = import_module(f"forvent.commands.{room}")
        getattr(module, f"add_{room}_commands")(commands, now=_now)
    if not rooms or asked in ADDED_TO:
        # What other packages add, such as the workspace: forvent serve.
        for point in sorted(entry_points(group="forvent.commands"), key=lambda point: point.name):
            point.load()(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
