"""The command that compares with others: forvent market."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.assess.market import ALIKE
from forvent.commands.identify import (
    add_encoder_options,
    add_map,
    add_mask,
    mapping,
    tell_guesses,
    tell_what_leaves,
)
from forvent.commands.progress import progress_bar
from forvent.errors import BadOption
from forvent.identify import names
from forvent.reading import VoiceReader
from forvent.report.market_json import market_json
from forvent.report.market_page import market_page
from forvent.report.market_summary import market_summary
from forvent.runs.market import MarketOptions, compare_with_others
from forvent.runs.outputs import together
from forvent.stats import check_level
from forvent.tables import LANGUAGES

RESULT, PAGE = "market.json", "market.html"
OTHERS = "others."


def add_market_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_market(commands.add_parser("market", help="compare with what is said of others"), now=now)


def market(options: argparse.Namespace) -> None:
    """Compare one's own voices with those about others, and write page and JSON."""
    check_level(options.level)
    tell_what_leaves(options.encoder, masked=options.mask)
    mapped = mapping(options.map)
    chosen = MarketOptions(
        own=options.own,
        level=options.level,
        alike=options.alike,
        encoder=options.encoder,
        heads=options.heads,
        columns={name: column for name, column in mapped.items() if not name.startswith(OTHERS)},
        other_columns={
            name.removeprefix(OTHERS): column for name, column in mapped.items() if name.startswith(OTHERS)
        },
        mask=options.mask,
        most=options.most,
    )
    with together(options.out) as unfinished:
        with progress_bar() as progress:
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


def _tell_guesses(readers: Sequence[VoiceReader]) -> None:
    for reader in readers:
        tell_guesses(reader)


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
    add_map(command, such_as="text=comment, competitor=brand, others.text=review")
    add_encoder_options(command)
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    command.add_argument(
        "--alike", type=float, default=ALIKE, help=f"shares that differ by less are level ({ALIKE})"
    )
    command.add_argument("--most", type=int, default=6, help="others to compare with at most (6)")
    add_mask(command, default=True)
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of page and summary")
