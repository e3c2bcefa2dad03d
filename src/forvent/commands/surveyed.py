"""The command that holds what was received against what was expected: forvent gap."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.assess.surveyed import ALIKE, PERIODS, GapChoices
from forvent.commands.cases import report_lines
from forvent.commands.identify import add_map, mapping
from forvent.commands.options import ends_of, listed
from forvent.commands.progress import progress_bar
from forvent.errors import BadOption
from forvent.reading.paired_answers import PairedAnswersReader
from forvent.reading.survey_columns import SurveyChoices
from forvent.records import SurveyedGaps, SurveyPair
from forvent.report.surveyed_json import surveyed_json
from forvent.report.surveyed_page import surveyed_page
from forvent.report.surveyed_summary import surveyed_summary
from forvent.runs.outputs import together
from forvent.runs.surveyed import SurveyOptions, surveyed_gaps
from forvent.tables import LANGUAGES

_STAGES = {"read answers": "identify", "assess": "assess"}


def add_surveyed_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_gap(
        commands.add_parser("gap", help="what was received against what was expected, in a survey"), now=now
    )


def gap(options: argparse.Namespace) -> None:
    """Compare both halves of a survey, tell it, and write JSON on demand."""
    chosen = SurveyOptions(
        reading=SurveyChoices(
            columns=mapping(options.map),
            dimensions=_dimensions(options.dimension),
            less=listed(options.less_is_better),
            more=listed(options.more_is_better),
            reverse=listed(options.reverse),
            by=listed(options.by),
            scale=ends_of(options.scale),
            not_applicable=_numbers(options.not_applicable),
            unit=options.unit,
        ),
        judging=GapChoices(
            level=options.level,
            alike=options.alike,
            weights=_weights(options.weight),
            keep=listed(options.keep),
            most=options.most,
        ),
        each=options.each,
    )
    with progress_bar() as tell:
        found = surveyed_gaps(
            options.file,
            now=options.now(),
            options=chosen,
            opened=_tell_guesses,
            progress=lambda stage, done, total: tell(_STAGES[stage], done, total),
        )
    _write(options.json, surveyed_json, found)
    _write(options.page, partial(surveyed_page, language=options.language), found)
    plain = Console(markup=False, highlight=False, soft_wrap=True)
    for report in found.files:
        plain.print(*report_lines(report), sep="\n")
    Console(highlight=False).print(surveyed_summary(found))
    written = [file for file in (options.page, options.json) if file is not None]
    if written:
        plain.print("", *written, sep="\n")


def _write(file: str | None, made: Callable[[SurveyedGaps], str], found: SurveyedGaps) -> None:
    """What was found as one file, whole or not at all; nothing where no file is named."""
    if file is not None:
        target = Path(file)
        with together(target.parent) as unfinished:
            (unfinished / target.name).write_text(made(found), encoding="utf-8")


def _tell_guesses(reader: PairedAnswersReader) -> None:
    """What is held against what, before the long work begins."""
    console = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)
    console.print("Pairs:")
    for pair in reader.pairs:
        console.print(f"  {pair.name}: {_columns(pair)}{_manner(pair)}")
    others = [f"{name}={column}" for name, column in reader.mapping.items() if "." not in name]
    others += [f"group={column}" for column in reader.groups]
    if others:
        console.print(f"Beside them: {', '.join(others)}")
    if reader.scale is not None:
        how = "guessed from the answers" if reader.scale.guessed else "as given"
        console.print(f"Scale: {reader.scale.low:g} to {reader.scale.high:g}, {how}")
    if reader.guessed:
        console.print(
            "Change with --map expected.NAME=COLUMN (received., adequate., desired.); '-' for none."
        )


def _columns(pair: SurveyPair) -> str:
    asked = (("expected", pair.expected), ("adequate", pair.adequate), ("desired", pair.desired))
    against = ", ".join(f"{part} {column}" for part, column in asked if column)
    return f"received {pair.received} against {against}"


def _manner(pair: SurveyPair) -> str:
    said = [f"dimension {pair.dimension}"] if pair.dimension else []
    if pair.kind == "level":
        said.append(f"an amount{f' in {pair.unit}' if pair.unit else ''}, {pair.better} is better")
    if pair.reversed:
        said.append(f"turned round: {', '.join(pair.reversed)}")
    return f" ({'; '.join(said)})" if said else ""


def _dimensions(given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for pair in given:
        name, _, members = pair.partition("=")
        if not name.strip() or not listed([members]):
            raise BadOption(
                f"'--dimension {pair}' names no pairs.", hint="Write it as --dimension care=friendly,polite."
            )
        found[name.strip()] = listed([members])
    return found


def _weights(given: Sequence[str]) -> dict[str, float]:
    found = {}
    for pair in (part for text in given for part in text.split(",") if part.strip()):
        name, _, points = pair.partition("=")
        try:
            found[name.strip()] = float(points)
        except ValueError:
            raise BadOption(
                f"'--weight {pair}' gives no points.", hint="Write it as --weight care=40 --weight speed=60."
            ) from None
    return found


def _numbers(given: Sequence[str]) -> tuple[float, ...]:
    try:
        return tuple(float(number) for number in listed(given))
    except ValueError:
        raise BadOption(
            f"'--not-applicable {','.join(given)}' is no number.", hint="Write it as --not-applicable 0."
        ) from None


def _add_gap(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=gap, now=now)
    command.add_argument(
        "file", metavar="FILE", help="one answer sheet a row; CSV, TSV, Excel, JSONL, Parquet"
    )
    add_map(command, such_as="expected.speed=E1, received.speed=P1, customer=id, touchpoint=step")
    for option, metavar, said in (
        ("--dimension", "NAME=PAIR,PAIR", "pairs that belong together"),
        ("--by", "COL,COL", "columns that group the answers"),
        ("--reverse", "COL,COL", "columns whose scale runs the other way; they are turned round"),
        ("--keep", "COL,COL", "columns that are no scale upside down, whatever it looks like"),
        ("--less-is-better", "PAIR,PAIR", "amounts of which less is better, such as days"),
        ("--more-is-better", "PAIR,PAIR", "amounts of which more is better"),
        ("--not-applicable", "N,N", "numbers that stand for no answer, such as 0"),
        ("--weight", "NAME=POINTS", "points of a dimension or pair; all of them give a weighted gap"),
    ):
        command.add_argument(option, action="append", default=[], metavar=metavar, help=said)
    command.add_argument("--each", choices=tuple(PERIODS), help="length of periods; by the span if not given")
    command.add_argument(
        "--scale", metavar="LOW..HIGH", help="scale of the ratings, where the guess is wrong"
    )
    command.add_argument("--unit", default="", help="unit of amounts that name none")
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    command.add_argument(
        "--alike", type=float, default=ALIKE, help=f"share of the scale up to which a gap is none ({ALIKE})"
    )
    command.add_argument("--most", type=int, default=30, help="groups of a column at most (30)")
    command.add_argument("--json", metavar="OUT", help="write all numbers to this file")
    command.add_argument("--page", metavar="OUT", help="write a page that needs no network to this file")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the page (en)")
