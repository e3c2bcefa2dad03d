"""The command that looks ahead: forvent predict."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.commands.identify import add_map, add_mask, add_tier_options, maker_of, mapping, tell_guesses
from forvent.commands.progress import progress_bar
from forvent.errors import BadOption
from forvent.reading.times import DateOrder, read_time
from forvent.records.prediction import Prediction
from forvent.report.prediction_json import prediction_json
from forvent.report.prediction_summary import prediction_summary
from forvent.runs.outputs import together
from forvent.runs.prediction_csv import prediction_csv
from forvent.stats import check_level

EPISODES = "episodes."


def add_predict_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_predict(
        commands.add_parser("predict", help="see who is likely to be disappointed, or to leave"), now=now
    )


def predict(options: argparse.Namespace) -> None:
    """Foretell disappointment from voices and episodes, and leaving from purchases."""
    check_level(options.level)
    _check(options)
    targets = [Path(name) for name in (options.json, options.csv) if name]
    if len({target.parent for target in targets}) > 1:
        raise BadOption(
            "--json and --csv name two folders.", hint="Name one, so that both are written or none."
        )
    for target in targets:
        if target.is_dir():
            raise BadOption(f"'{target}' is a folder.", hint="Name a file in it.")
    disappointment = _disappointment(options) if options.voices else None
    leaving = _leaving(options) if options.purchases else None
    if targets:
        with together(targets[0].parent) as unfinished:
            _write(options, disappointment, leaving, folder=unfinished)
    console = Console()
    if disappointment is not None:
        console.print(prediction_summary(disappointment, title="Who is likely to be disappointed"))
    if leaving is not None:
        console.print(prediction_summary(leaving, title="Who is likely to leave"))
    for target in targets:
        Console(markup=False, highlight=False, soft_wrap=True).print(str(target))


def _check(options: argparse.Namespace) -> None:
    if not options.voices and not options.purchases:
        raise BadOption(
            "Nothing to learn from was named.",
            hint="Give VOICES with --episodes FILE, or --purchases FILE.",
        )
    if bool(options.voices) != bool(options.episodes):
        raise BadOption(
            "Disappointment needs both VOICES and --episodes.",
            hint="Give what customers said and what was promised and delivered.",
        )
    if options.purchases and not (options.customer and options.time and options.horizon):
        raise BadOption(
            "--purchases needs --customer, --time and --horizon.",
            hint="Name the two columns, and how many days to look ahead.",
        )


def _disappointment(options: argparse.Namespace) -> Prediction:
    # Imported here: it loads scipy, which no other command should wait for.
    from forvent.runs.predicting import PredictOptions, disappointment_of

    mapped = mapping(options.map)
    chosen = PredictOptions(
        identifier=maker_of(options).make,
        columns={name: column for name, column in mapped.items() if not name.startswith(EPISODES)},
        episode_columns={
            name.removeprefix(EPISODES): column
            for name, column in mapped.items()
            if name.startswith(EPISODES)
        },
        by=tuple(column for given in options.by for column in given.split(",")),
        level=options.level,
        mask=options.mask,
    )
    with progress_bar() as progress:
        return disappointment_of(
            options.voices, episodes=options.episodes, options=chosen, opened=tell_guesses, progress=progress
        )


def _leaving(options: argparse.Namespace) -> Prediction:
    # Imported here for the same reason.
    from forvent.runs.predicting import PurchaseColumns, leaving_of

    return leaving_of(
        options.purchases,
        columns=PurchaseColumns(options.customer, options.time, amount=options.amount),
        horizon=options.horizon,
        until=None if options.until is None else _day(options.until),
        level=options.level,
    )


def _write(
    options: argparse.Namespace,
    disappointment: Prediction | None,
    leaving: Prediction | None,
    *,
    folder: Path,
) -> None:
    if options.json:
        text = prediction_json(disappointment=disappointment, leaving=leaving)
        (folder / Path(options.json).name).write_text(text, encoding="utf-8")
    if options.csv:
        found = [one for one in (disappointment, leaving) if one is not None]
        cases = [case for one in found for case in one.cases]
        (folder / Path(options.csv).name).write_text(prediction_csv(cases), encoding="utf-8")


def _day(given: str) -> date:
    found = read_time(given, order=DateOrder())
    if found is None:
        raise BadOption(f"'--until {given}' is no date.", hint="Write it as --until 2024-06-30.")
    return found.time.date()


def _add_predict(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=predict, now=now)
    command.add_argument(
        "voices", nargs="?", metavar="VOICES", help="what customers said, with the episode each speaks of"
    )
    command.add_argument("--episodes", metavar="FILE", help="what was promised and delivered")
    add_map(command, such_as="rating=stars, episode=order, episodes.promised=due")
    command.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="COLUMN",
        help="column of the episodes that is known at their start: a group, a price, a distance",
    )
    command.add_argument("--purchases", metavar="FILE", help="purchases, one a row: who will leave")
    command.add_argument("--customer", metavar="COL", help="of --purchases: who bought")
    command.add_argument("--time", metavar="COL", help="of --purchases: when; two columns: day+time")
    command.add_argument("--amount", metavar="COL", help="of --purchases: what was paid")
    command.add_argument(
        "--until", metavar="DATE", help="of --purchases: last day that is known (the last in it)"
    )
    command.add_argument(
        "--horizon", type=int, metavar="DAYS", help="of --purchases: who buys nothing in so many days leaves"
    )
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    add_tier_options(command)
    add_mask(command, default=True)
    command.add_argument("--json", metavar="OUT", help="where everything is written")
    command.add_argument("--csv", metavar="OUT", help="where the cases are written, the likeliest first")
