"""The command for what changed: forvent alerts."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.errors import BadOption
from forvent.identify import names
from forvent.report.alerts_json import alerts_json
from forvent.report.alerts_summary import alerts_summary
from forvent.runs.alerting import acknowledge, there
from forvent.runs.outputs import together
from forvent.tables import LANGUAGES


def add_alerts_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_alerts(commands.add_parser("alerts", help="what changed, and who took note of it"), now=now)


def alerts(options: argparse.Namespace) -> None:
    """Show the alerts that are kept in the folder of a report; note that somebody has seen some."""
    by = options.by.strip()
    if options.acknowledge and not by:
        raise BadOption("--acknowledge does not say who takes note.", hint="Add --by NAME.")
    if not options.acknowledge and (by or options.note):
        raise BadOption("--by and --note speak of no alert.", hint="Add --acknowledge ID.")
    if options.json is not None and Path(options.json).is_dir():
        raise BadOption(f"'{options.json}' is a folder.", hint="Name a file in it.")
    kept = (
        acknowledge(
            options.folder, ids=options.acknowledge, by=by, note=options.note.strip(), now=options.now()
        )
        if options.acknowledge
        else there(options.folder)
    )
    if options.json is not None:
        target = Path(options.json)
        with together(target.parent) as unfinished:
            (unfinished / target.name).write_text(alerts_json(kept), encoding="utf-8")
    Console().print(alerts_summary(kept, language=options.language, names=names(options.language)))


def _add_alerts(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=alerts, now=now)
    command.add_argument("folder", metavar="DIR", help="where `forvent report --out` left its files")
    command.add_argument(
        "--acknowledge", nargs="+", default=[], metavar="ID", help="note that these alerts were seen"
    )
    command.add_argument("--by", default="", metavar="NAME", help="who takes note")
    command.add_argument("--note", default="", metavar="TEXT", help="what is known or done about it")
    command.add_argument("--json", metavar="OUT", help="write all alerts as JSON")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the summary")
