"""The command that compares with others: forvent market."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from forvent.assess.market import ALIKE
from forvent.errors import BadOption
from forvent.identify import names
from forvent.market import MarketOptions, Progress, compare_with_others
from forvent.outputs import together
from forvent.reading import VoiceReader
from forvent.report.market_json import market_json
from forvent.report.market_page import market_page
from forvent.report.market_summary import market_summary
from forvent.stats import check_level
from forvent.tables import LANGUAGES

RESULT, PAGE = "market.json", "market.html"
OTHERS = "others."
_DOING = {"identify": "Reading what customers said", "compare": "Comparing with the others"}


def add_market_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_market(commands.add_parser("market", help="compare with what is said of others"), now=now)


def market(options: argparse.Namespace) -> None:
    """Compare one's own voices with those about others, and write page and JSON."""
    check_level(options.level)
    mapped = _mapping(options.map)
    chosen = MarketOptions(
        own=options.own,
        level=options.level,
        alike=options.alike,
        encoder=options.encoder,
        columns={name: column for name, column in mapped.items() if not name.startswith(OTHERS)},
        other_columns={
            name.removeprefix(OTHERS): column for name, column in mapped.items() if name.startswith(OTHERS)
        },
        mask=options.mask,
        most=options.most,
    )
    with together(options.out) as unfinished:
        with _progress() as progress:
            found = compare_with_others(
                options.voices,
                now=options.now(),
                others=_others(options.others),
                options=chosen,
                opened=_tell_guesses,
                progress=progress,
            )
        called = names(options.language)
        (unfinished / RESULT).write_text(market_json(found), encoding="utf-8")
        page = market_page(found, language=options.language, names=called)
        (unfinished / PAGE).write_text(page, encoding="utf-8")
    Console().print(market_summary(found, language=options.language, names=called))
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print("", *(str(Path(options.out) / file) for file in (PAGE, RESULT)), sep="\n")


def _others(given: Sequence[str]) -> dict[str, str]:
    """Files about others by the name of the company; a file alone is named by its own name."""
    found: dict[str, str] = {}
    for pair in given:
        name, sign, file = pair.partition("=")
        if not sign:
            name, file = Path(pair).stem, pair
        if not name.strip() or not file:
            raise BadOption(
                f"'--others {pair}' names no company or no file.", hint="Write it as --others NAME=FILE."
            )
        if name in found:
            raise BadOption(f"'{name}' is given two files.", hint="Put its voices into one file.")
        found[name] = file
    return found


def _mapping(given: Sequence[str]) -> dict[str, str]:
    mapped: dict[str, str] = {}
    for pair in given:
        name, sign, column = pair.partition("=")
        if not sign or not name or not column:
            raise BadOption(f"'--map {pair}' names no column.", hint="Write it as --map text=comment.")
        mapped[name.removeprefix("voices.")] = column
    return mapped


def _tell_guesses(readers: Sequence[VoiceReader]) -> None:
    """What each column was taken for, before the long work begins."""
    console = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)
    for reader in readers:
        guessed = ", ".join(f"{name}={reader.mapping[name]}" for name in reader.guessed)
        if guessed:
            console.print(f"Columns guessed: {guessed} (change with --map)")
        for note in reader.notes:
            console.print(f"  {note}")


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on the terminal; silent where the error stream is not one."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {stage: bar.add_task(text, total=None, visible=False) for stage, text in _DOING.items()}

        def tell(stage: str, done: int, total: int | None) -> None:
            bar.update(tasks[stage], completed=done, total=total, visible=True)

        yield tell


def _add_market(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=market, now=now)
    command.add_argument(
        "voices",
        nargs="+",
        metavar="VOICES",
        help="your own voices; or one file with a column that names the company, blank for your own",
    )
    command.add_argument(
        "--others", nargs="+", action="extend", default=[], metavar="NAME=FILE", help="voices about another"
    )
    command.add_argument("--out", required=True, metavar="DIR")
    command.add_argument(
        "--own", default="", metavar="NAME", help="your company, as the column of companies writes it"
    )
    command.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help="where a guess is wrong: text=comment, competitor=brand, others.text=review; '-' for none",
    )
    command.add_argument("--encoder", default="exact", metavar="NAME", help="exact, fast or auto")
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    command.add_argument(
        "--alike", type=float, default=ALIKE, help=f"shares that differ by less are level ({ALIKE})"
    )
    command.add_argument("--most", type=int, default=6, help="others to compare with at most (6)")
    command.add_argument(
        "--no-mask", dest="mask", action="store_false", help="leave personal data in the quotes"
    )
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of page and summary")
