"""The command that says what goes together with satisfaction: forvent drivers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.assess.drivers import Cuts
from forvent.assess.drivers.answers import HIGH_FROM, LOW_UNTIL
from forvent.commands.options import ends_of, listed
from forvent.errors import BadOption
from forvent.identify import names
from forvent.reading.kano_waves import PERIODS
from forvent.records import Scale
from forvent.report.drivers_json import drivers_json
from forvent.report.drivers_page import drivers_page
from forvent.report.drivers_summary import drivers_summary
from forvent.runs.drivers import DriverOptions, find_drivers
from forvent.runs.outputs import together
from forvent.tables import LANGUAGES


def add_drivers_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    command = commands.add_parser("drivers", help="what goes together with overall satisfaction")
    command.set_defaults(run=drivers, now=now)
    command.add_argument("file", metavar="FILE", help="a survey: one row an answer, one column a question")
    command.add_argument("--overall", required=True, metavar="COL", help="column of overall satisfaction")
    command.add_argument(
        "--touchpoints",
        action="append",
        default=[],
        metavar="A,B,…",
        help="columns of ratings; guessed if not given",
    )
    command.add_argument(
        "--not-applicable",
        action="append",
        default=[],
        metavar="VALUE",
        help="what means “does not apply” and is no rating, such as 0; “none” if nothing does",
    )
    command.add_argument(
        "--good",
        action="append",
        default=[],
        metavar="ANSWER",
        help="overall answer that counts as satisfied",
    )
    command.add_argument("--customer", metavar="COL", help="who answered, where some answered twice")
    command.add_argument(
        "--stated",
        action="append",
        default=[],
        metavar="TOUCHPOINT=COL",
        help="stated importance, set beside it",
    )
    command.add_argument(
        "--upside-down",
        action="append",
        default=[],
        metavar="A,B,…",
        help="columns whose low end is the good one",
    )
    _add_borders(command)
    command.add_argument(
        "--by", action="append", default=[], metavar="A,B,…", help="columns of segments: kinds in each"
    )
    command.add_argument("--time", metavar="COL", help="column of time: how kinds drift")
    command.add_argument("--every", choices=PERIODS, help="period of time, where --time holds dates")
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    command.add_argument("--rounds", type=int, default=2000, help="bootstrap rounds (2000)")
    command.add_argument("--json", metavar="OUT", help="write everything to this file")
    command.add_argument("--page", metavar="OUT", help="write a page (HTML) to this file")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the page")


def _add_borders(command: argparse.ArgumentParser) -> None:
    """Scales, and where low, high and a kind begin."""
    command.add_argument(
        "--scale", metavar="LOW..HIGH", help="scale of the touchpoints, if the guess is wrong"
    )
    command.add_argument("--overall-scale", metavar="LOW..HIGH", help="scale of overall satisfaction")
    command.add_argument(
        "--low",
        type=float,
        default=LOW_UNTIL,
        help=f"part of the scale up to which a rating is low ({LOW_UNTIL})",
    )
    command.add_argument(
        "--high", type=float, default=HIGH_FROM, help=f"part of the scale from which it is high ({HIGH_FROM})"
    )
    command.add_argument(
        "--band",
        type=float,
        default=Cuts().band,
        help=f"asymmetry up to which a kind is performance ({Cuts().band})",
    )


def drivers(options: argparse.Namespace) -> None:
    """Find drivers, tell them, and write them as JSON where that is wanted."""
    if not 0.0 < options.band < 1.0:
        raise BadOption(f"'--band {options.band:g}' is not between 0 and 1.", hint="0.2 is usual.")
    chosen = DriverOptions(
        touchpoints=listed(options.touchpoints),
        not_applicable=listed(options.not_applicable),
        good=tuple(options.good),
        customer=options.customer,
        stated=_pairs(options.stated),
        upside_down=listed(options.upside_down),
        scale=_scale(options.scale, option="--scale"),
        overall_scale=_scale(options.overall_scale, option="--overall-scale"),
        low=options.low,
        high=options.high,
        cuts=Cuts(band=options.band),
        level=options.level,
        rounds=options.rounds,
        by=listed(options.by),
        time=options.time,
        every=options.every,
    )
    found = find_drivers(options.file, overall=options.overall, now=options.now(), options=chosen)
    written: dict[str, str] = {}
    if options.json:
        written[options.json] = drivers_json(found)
    if options.page:
        written[options.page] = drivers_page(found, language=options.language, names=names(options.language))
    for place, text in written.items():
        target = Path(place)
        with together(target.parent) as unfinished:
            (unfinished / target.name).write_text(text, encoding="utf-8")
    Console().print(drivers_summary(found))
    if written:
        Console(markup=False, highlight=False, soft_wrap=True).print("", *written, sep="\n")


def _pairs(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, sign, column = pair.partition("=")
        if not (sign and name and column):
            raise BadOption(
                f"'--stated {pair}' names no column.", hint="Write it as --stated TOUCHPOINT=COLUMN."
            )
        found[name] = column
    return found


def _scale(given: str | None, *, option: str) -> Scale | None:
    ends = ends_of(given, option=option)
    return None if ends is None else Scale(*ends, guessed=False)
