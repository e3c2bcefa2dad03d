"""The command that makes scores: forvent scores."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.assess.scores import ASKED
from forvent.commands.options import ends_of, listed
from forvent.commands.scores_lines import scores_summary
from forvent.errors import BadOption
from forvent.reading.score_cells import EVERY
from forvent.records import Scale
from forvent.report.scores_json import scores_json
from forvent.report.scores_page import scores_page
from forvent.runs.outputs import together
from forvent.runs.scoring import ScoreOptions, score_file
from forvent.tables import LANGUAGES

STDOUT = "-"


def add_scores_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    about = "CSAT, NPS, CES, kept rate: with intervals and weights"
    _add_scores(commands.add_parser("scores", help=about), now=now)


def scores(options: argparse.Namespace) -> None:
    """Make the scores of a file of answers, print them and write them as JSON."""
    for file in (options.json, options.page):
        if file not in (None, STDOUT) and Path(file).is_dir():
            raise BadOption(f"'{file}' is a folder.", hint="Name a file in it.")
    chosen = ScoreOptions(
        scores=listed(options.score),
        measures=listed(options.measure),
        scale=_scale(options.scale),
        customer=options.customer,
        segments=listed(options.segment),
        wave=options.wave,
        every=options.every,
        invited=_invited(options.invited),
        known=listed(options.known),
        weight=options.weight,
        margins=options.margins,
        not_applicable=listed(options.not_applicable),
        level=options.level,
        false_share=options.false_share,
        seed=options.seed,
    )
    found = score_file(options.file, options=chosen)
    if options.json not in (None, STDOUT):
        _write(options.json, scores_json(found))
    if options.page is not None:
        _write(options.page, scores_page(found, made_at=options.now(), language=options.language))
    if options.json == STDOUT:
        sys.stdout.write(scores_json(found))
    # The output stream is the JSON's where it goes there.
    console = Console(stderr=options.json == STDOUT, markup=False, highlight=False)
    console.print(scores_summary(found))
    written = [file for file in (options.page, options.json) if file not in (None, STDOUT)]
    if written:
        console.print("", *written, sep="\n", soft_wrap=True)


def _write(file: str, text: str) -> None:
    """One file, whole or not at all."""
    target = Path(file)
    with together(target.parent) as unfinished:
        (unfinished / target.name).write_text(text, encoding="utf-8")


def _scale(given: str | None) -> Scale | None:
    ends = ends_of(given, such_as="1..5, the worst answer first")
    return None if ends is None else Scale(*ends, guessed=False)


def _invited(given: str | None) -> int | str | None:
    """A number of customers, or the name of a column."""
    if given is None:
        return None
    plain = given.replace(",", "").replace("_", "")
    return int(plain) if plain.isdecimal() else given


def _add_scores(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=scores, now=now)
    command.add_argument("file", metavar="FILE", help="one row an answer, or one row an invitation")
    _several(command, "--score", metavar="COL", about="columns of answers; a rating is guessed")
    _several(
        command,
        "--measure",
        metavar="NAME",
        about=f"scores to make: {', '.join(ASKED)} (as the scale allows)",
    )
    command.add_argument(
        "--scale", metavar="WORST..BEST", help="scale of the answers; 5..1 where 1 is the best"
    )
    _several(command, "--not-applicable", metavar="VALUE", about="answers that are none, such as 0 or 99")
    command.add_argument(
        "--customer", metavar="COL", help="who answered, where some do so more than once; '-' for none"
    )
    _several(command, "--segment", metavar="COL", about="columns of segments")
    command.add_argument("--wave", metavar="COL", help="column of waves, or of times with --every")
    command.add_argument("--every", choices=EVERY, help="cut a column of times into waves")
    command.add_argument(
        "--invited", metavar="COL|NUMBER", help="who was invited (one row each, answered or not), or how many"
    )
    _several(command, "--known", metavar="COL", about="columns known of all invited (segments and margins)")
    command.add_argument("--weight", metavar="COL", help="weight of each answer")
    command.add_argument(
        "--margins", metavar="FILE", help="known shares: a file with the columns column, group, share"
    )
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    command.add_argument(
        "--false-share", type=float, default=0.05, help="false ones accepted among changes called so (0.05)"
    )
    command.add_argument("--seed", type=int, default=1, help="of the interval of the R-indicator (1)")
    command.add_argument("--json", metavar="OUT", help="where the result is written; - for the output stream")
    command.add_argument("--page", metavar="OUT", help="write a page that needs no network to this file")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the page (en)")


def _several(command: argparse.ArgumentParser, name: str, *, metavar: str, about: str) -> None:
    """An option that may be given several times, or several with commas between them."""
    command.add_argument(name, action="append", default=[], metavar=metavar, help=about)
