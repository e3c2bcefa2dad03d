"""The command that reads a Kano questionnaire: forvent kano."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.assess.kano.features import LEAST_STRENGTH
from forvent.commands.identify import add_map, mapping
from forvent.commands.options import ends_of, listed
from forvent.errors import BadOption
from forvent.identify import names
from forvent.reading.kano_waves import PERIODS
from forvent.records import ReadingReport
from forvent.report.kano_json import kano_json
from forvent.report.kano_page import kano_page
from forvent.report.kano_summary import kano_summary
from forvent.runs.kano import KanoOptions, kano_kinds
from forvent.runs.kano_beside import put_beside
from forvent.runs.outputs import together
from forvent.tables import LANGUAGES


def add_kano_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_kano(commands.add_parser("kano", help="what kind each feature is, from a questionnaire"), now=now)


def kano(options: argparse.Namespace) -> None:
    """Tell what kind each feature is, and on demand write it as JSON."""
    chosen = KanoOptions(
        columns=mapping(options.map),
        by=listed(options.by),
        wave=options.wave,
        every=options.every,
        scale=_scale(options.scale),
        level=options.level,
        least_strength=options.least_strength,
    )
    if options.same and options.beside is None:
        raise BadOption(
            "--same joins names with those of another result, and none is given.", hint="Add --beside FILE."
        )
    same = _same(options.same)
    found = kano_kinds(options.file, now=options.now(), options=chosen)
    if options.beside is not None:
        found = put_beside(found, options.beside, same=same)
    _tell_reading(found.file)
    Console().print(kano_summary(found))
    written: dict[str, str] = {}
    if options.json is not None:
        written[options.json] = kano_json(found)
    if options.page is not None:
        written[options.page] = kano_page(found, language=options.language, names=names(options.language))
    for place, text in written.items():
        target = Path(place)
        with together(target.parent) as unfinished:
            (unfinished / target.name).write_text(text, encoding="utf-8")
    if written:
        Console(markup=False, highlight=False, soft_wrap=True).print("", *written, sep="\n")


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


def _same(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        feature, sign, name = (part.strip() for part in pair.partition("="))
        if not (feature and sign and name):
            raise BadOption(
                f"'--same {pair}' joins no two names.", hint="Write it as --same FEATURE=TOUCHPOINT."
            )
        found[feature] = name
    return found


def _scale(given: str | None) -> tuple[int, int] | None:
    ends = ends_of(given, such_as="1..5, like first")
    if ends is None:
        return None
    if not all(end.is_integer() for end in ends):
        raise BadOption(f"'--scale {given}' is no scale.", hint="Write it as --scale 1..5, like first.")
    return int(ends[0]), int(ends[1])


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
    command.add_argument(
        "--beside", metavar="FILE", help="drivers.json or findings.json: kinds by ratings beside these"
    )
    command.add_argument(
        "--same",
        action="append",
        default=[],
        metavar="FEATURE=NAME",
        help="a feature and its name there, where they differ",
    )
    command.add_argument("--json", metavar="OUT", help="write the result as JSON")
    command.add_argument("--page", metavar="OUT", help="write the result as a page (HTML)")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the page")
