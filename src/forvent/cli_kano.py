"""The command that reads a Kano questionnaire: forvent kano."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.assess.kano.features import LEAST_STRENGTH
from forvent.cli_identify import add_map, mapping
from forvent.errors import BadOption
from forvent.kano import KanoOptions, kano_kinds
from forvent.outputs import together
from forvent.reading.kano_waves import PERIODS
from forvent.records import ReadingReport
from forvent.report.kano_json import kano_json
from forvent.report.kano_summary import kano_summary


def add_kano_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_kano(commands.add_parser("kano", help="what kind each feature is, from a questionnaire"), now=now)


def kano(options: argparse.Namespace) -> None:
    """Tell what kind each feature is, and on demand write it as JSON."""
    chosen = KanoOptions(
        columns=mapping(options.map),
        by=tuple(column for given in options.by for column in given.split(",")),
        wave=options.wave,
        every=options.every,
        scale=_scale(options.scale),
        level=options.level,
        least_strength=options.least_strength,
    )
    found = kano_kinds(options.file, now=options.now(), options=chosen)
    _tell_reading(found.file)
    Console().print(kano_summary(found))
    if options.json is not None:
        target = Path(options.json)
        with together(target.parent) as unfinished:
            (unfinished / target.name).write_text(kano_json(found), encoding="utf-8")
        Console(markup=False, highlight=False, soft_wrap=True).print("", str(target), sep="\n")


def _tell_reading(report: ReadingReport) -> None:
    """What each column was taken for, and what else a person should know of the file."""
    console = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)
    features = sum(name.endswith("+") for name in report.guessed)
    guessed = [f"{name}={report.mapping[name]}" for name in report.guessed if not name.endswith(("+", "-"))]
    guessed += [f"{features} features by two columns each"] if features else []
    if guessed:
        console.print(f"Columns guessed: {', '.join(guessed)} (change with --map)")
    for note in report.notes:
        console.print(f"  {note}")


def _scale(given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    match = re.fullmatch(r"(-?\d{1,3})\.\.(-?\d{1,3})", given.strip())
    if match is None:
        raise BadOption(f"'--scale {given}' is no scale.", hint="Write it as --scale 1..5, like first.")
    return int(match[1]), int(match[2])


def _add_kano(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=kano, now=now)
    command.add_argument("file", metavar="FILE", help="answers: a row a pair, or two columns a feature")
    add_map(command, such_as="functional=with, chat+=Q1a, chat-=Q1b")
    command.add_argument(
        "--by", action="append", default=[], metavar="COLUMN", help="column of segments, one kind each"
    )
    command.add_argument("--wave", metavar="COLUMN", help="column of time: how kinds drift")
    command.add_argument("--every", choices=PERIODS, help="period of a wave, where --wave holds dates")
    command.add_argument(
        "--scale", metavar="LIKE..DISLIKE", help="numbers of the first and the last answer (1..5)"
    )
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    command.add_argument(
        "--least-strength",
        type=float,
        default=LEAST_STRENGTH,
        metavar="SHARE",
        help=f"lead of the first kind over the second below which a feature is mixed ({LEAST_STRENGTH})",
    )
    command.add_argument("--json", metavar="OUT", help="write the result as JSON")
