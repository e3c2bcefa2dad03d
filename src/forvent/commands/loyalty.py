"""The command that looks at who comes back: forvent loyalty."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.commands.cases import report_lines
from forvent.errors import BadOption
from forvent.identify import names
from forvent.reading.purchases import PurchaseColumns
from forvent.reading.times import DateOrder, read_time
from forvent.report.loyalty_json import loyalty_json
from forvent.report.loyalty_page import loyalty_page
from forvent.report.loyalty_summary import loyalty_summary
from forvent.runs.outputs import together
from forvent.stats import check_level
from forvent.tables import LANGUAGES

STDOUT = "-"


def add_loyalty_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_loyalty(
        commands.add_parser("loyalty", help="see who comes back, how often and for how much"), now=now
    )


def loyalty(options: argparse.Namespace) -> None:
    """Forecast the purchases of a file's customers, and write them as JSON."""
    # Imported here: it loads scipy, which no other command should wait for.
    from forvent.runs.loyalty import LoyaltyOptions, loyalty_of

    # It loads them too.
    from forvent.runs.recommending import RecommendOptions

    check_level(options.level)
    until = _day(options.until)
    target = None if options.json == STDOUT else _file(options.json)
    page = None if options.page is None else _file(options.page)
    columns = PurchaseColumns(
        options.customer,
        options.time,
        amount=options.amount,
        referred=options.referred,
        product=options.product,
        consent=options.consent,
    )
    recommend = None
    if options.recommend:
        said = None if options.said is None else Path(options.said)
        recommend = RecommendOptions(options.most, said=said, said_product=options.said_product)
    found = loyalty_of(
        options.file,
        columns=columns,
        until=until,
        horizon=options.horizon,
        options=LoyaltyOptions(model=options.model, level=options.level, recommend=recommend),
    )
    text = loyalty_json(found)
    if target is not None:
        _write(target, text)
    if page is not None:
        _write(page, loyalty_page(found, language=options.language, names=names(options.language)))
    beside = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)
    for line in report_lines(found.file):
        beside.print(line)
    Console(stderr=target is None).print(loyalty_summary(found, names=names("en")))
    if target is None:
        sys.stdout.write(text)
    told = Console(stderr=target is None, markup=False, highlight=False, soft_wrap=True)
    for written in (page, target):
        if written is not None:
            told.print(str(written))


def _write(target: Path, text: str) -> None:
    with together(target.parent) as unfinished:
        (unfinished / target.name).write_text(text, encoding="utf-8")


def _file(given: str) -> Path:
    """The path to write to, which must be no folder."""
    path = Path(given)
    if path.is_dir():
        raise BadOption(f"'{given}' is a folder.", hint="Name a file in it.")
    return path


def _day(given: str) -> date:
    found = read_time(given, order=DateOrder())
    if found is None:
        raise BadOption(f"'--until {given}' is no date.", hint="Write it as --until 2024-06-30.")
    return found.time.date()


def _add_loyalty(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=loyalty, now=now)
    command.add_argument(
        "file", metavar="FILE", help="purchases, one a row: CSV, TSV, Excel, JSONL or Parquet"
    )
    command.add_argument("--customer", required=True, metavar="COL", help="who bought")
    command.add_argument("--time", required=True, metavar="COL", help="when; two columns: day+time")
    command.add_argument("--amount", metavar="COL", help="what was paid; negative is money given back")
    command.add_argument("--referred", metavar="COL", help="filled where another customer sent this one")
    command.add_argument(
        "--until",
        required=True,
        metavar="DATE",
        help="last day that is known; later rows are only compared with",
    )
    _add_recommendations(command)
    command.add_argument("--horizon", required=True, type=int, metavar="DAYS", help="days ahead")
    command.add_argument(
        "--model",
        default="auto",
        metavar="MODEL",
        help="bg-nbd, mbg-nbd, each also with -early, -months or -early-months; auto pools those with months",
    )
    command.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    command.add_argument(
        "--json", required=True, metavar="OUT", help="where the result is written; - for stdout"
    )
    command.add_argument("--page", metavar="OUT", help="where the result is written as a page as well")
    command.add_argument("--language", default="en", choices=LANGUAGES, help="language of the page (en)")


def _add_recommendations(command: argparse.ArgumentParser) -> None:
    command.add_argument("--product", metavar="COL", help="what was bought, for --recommend")
    command.add_argument(
        "--recommend",
        action="store_true",
        help="which products could be recommended to whom, if that beats the most popular ones",
    )
    command.add_argument("--most", type=int, default=3, metavar="N", help="products a customer (3)")
    command.add_argument("--consent", metavar="COL", help="who agreed to be recommended something: yes or no")
    command.add_argument(
        "--said", metavar="DIR", help="folder of forvent report: what customers said of products is respected"
    )
    command.add_argument(
        "--said-product", metavar="COL", help="segment of its voices that names the product (as --product)"
    )
