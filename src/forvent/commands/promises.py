"""The commands that learn from past cases: forvent backtest | promise fit | promise quote | waits."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType

from forvent.adjust.margin import level_for_costs
from forvent.commands.cases import (
    add_cases,
    add_times,
    length_asked,
    moment,
    open_history,
    open_waits,
    report_lines,
    time_between,
)
from forvent.commands.offers import fit_lines, offer_lines, percent, try_grid, try_lines, waits_grid
from forvent.commands.options import listed
from forvent.errors import BadOption
from forvent.report import backtest_json, backtest_page, backtest_summary
from forvent.report.versioned_json import jsonable
from forvent.runs import promising
from forvent.runs.outputs import together
from forvent.stats import check_level
from forvent.tables import LANGUAGES

LEVEL, WAIT_LEVEL = 0.95, 0.9
STDOUT = "-"
OFFER_SCHEMA, TRY_SCHEMA, WAITS_SCHEMA = "forvent/offer/1", "forvent/what-if/1", "forvent/waits/1"


def add_promises_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the commands with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_backtest(commands.add_parser("backtest", help="see what could have been promised, and was kept"))
    promise = commands.add_parser("promise", help="learn promises from past cases, and make them")
    steps = promise.add_subparsers(required=True, metavar="COMMAND")
    _add_fit(steps.add_parser("fit", help="learn from past cases and write a model"))
    _add_quote(steps.add_parser("quote", help="promise to one case"), now=now)
    _add_try(steps.add_parser("try", help="see what one promise to all would have been worth"))
    _add_waits(commands.add_parser("waits", help="see what waits could have been announced in a line"))


# ------------------------------------------------------------------------------- commands


def backtest(options: argparse.Namespace) -> None:
    """Walk through past cases as it would have been, and write how every way of promising did."""
    if options.match_promised and options.promised is None:
        raise BadOption(
            "--match-promised aims at the kept share of the company's own promise, and none is given.",
            hint="Add --promised COLUMN, or give a --level instead.",
        )
    level, begin = _level(options), moment(options.begin, option="--from", zone=options.zone)
    refit_every = time_between(options.refit_every, option="--refit-every")
    with _written(options.json, options.plot) as write:
        history, report = open_history(options)
        _tell(report_lines(report))
        with _at_work("Walking through time"):
            found = promising.walk(
                history,
                level=None if options.match_promised else level,
                begin=begin,
                by=listed(options.by),
                refit_every=refit_every,
                each_group=options.each_group,
                seed=options.seed,
            )
        write(options.json, backtest_json(found))
        write(options.plot, backtest_page(found, language=options.language, title=report.file))
    _show(backtest_summary(found, language=options.language), beside=options.json)
    _tell_files(options.json, options.plot)


def fit(options: argparse.Namespace) -> None:
    """Learn promises from all cases of a file, and write the model."""
    level = _level_or_costs(options)
    if options.out == STDOUT:
        raise BadOption("A model is no text for the terminal.", hint="Give a file: --out model.forvent.")
    with _placed(options.out) as places:
        history, report = open_history(options)
        _tell(report_lines(report))
        with _at_work("Learning from past cases"):
            model = promising.learn_promise(
                history,
                out=places[options.out],
                level=level,
                target_level=options.target_level,
                by=listed(options.by),
                each_group=options.each_group,
            )
    if options.cost_late is not None:
        _show(f"These costs make {percent(level)} the level.", beside=None)
    _show("\n".join(fit_lines(model)), beside=None)
    _tell_files(options.out)


def quote(options: argparse.Namespace) -> None:
    """Promise to one case."""
    model = promising.model_from(options.model)
    at = moment(options.at, option="--at", zone=model.zone)
    with _written(options.json) as write:
        offer = promising.offer_from(model, given=_given(options.set), at=at or options.now())
        write(options.json, _document(OFFER_SCHEMA, offer))
    if options.json is None:
        _show("\n".join(offer_lines(offer, since="from now" if at is None else "from then")), beside=None)
    _tell_files(options.json)


def try_promise(options: argparse.Namespace) -> None:
    """Say how often one promise to all cases of a file would have been kept."""
    level = _level(options)
    length, options.unit = length_asked(options.length, options.unit)
    with _written(options.json) as write:
        history, report = open_history(options)
        _tell(report_lines(report))
        found = promising.try_length(history, length, level=level, by=listed(options.by))
        write(options.json, _document(TRY_SCHEMA, found))
    _show("\n".join(try_lines(found)), beside=options.json)
    if found.groups:
        _show(try_grid(found), beside=options.json)
    _tell_files(options.json)


def waits(options: argparse.Namespace) -> None:
    """Announce waits along a recorded line as it would have been, and write how often they held."""
    check_level(options.level)
    with _written(options.json) as write:
        reader = open_waits(options)
        with _at_work("Announcing waits"):
            found = promising.line_ranges(reader, level=options.level, two_sided=options.range)
        write(options.json, _document(WAITS_SCHEMA, found))
    _tell(report_lines(reader.report))
    _show(waits_grid(found), beside=options.json)
    _tell_files(options.json)


def _level(options: argparse.Namespace) -> float:
    level: float = LEVEL if options.level is None else options.level
    check_level(level)
    return level


def _level_or_costs(options: argparse.Namespace) -> float:
    late, long = options.cost_late, options.cost_long
    if late is None and long is None:
        return _level(options)
    if options.level is not None:
        raise BadOption(
            "The level is given, and costs to choose it by as well.", hint="Leave --level or the costs out."
        )
    if late is None or long is None:
        raise BadOption(
            "It takes two costs to choose a level, and one is given.",
            hint="Add --cost-long (a unit of promise too long)."
            if long is None
            else "Add --cost-late (a unit of time too late).",
        )
    return level_for_costs(per_late=late, per_long=long)


def _given(pairs: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise BadOption(f"'--set {pair}' gives no value.", hint="Write it as --set state=SP.")
        given[name.strip()] = value.strip()
    return given


# -------------------------------------------------------------------------------- writing


@contextmanager
def _placed(*targets: str) -> Iterator[dict[str, Path]]:
    """Where to write each file; all come to their place if the block ends well, else none."""
    for target in targets:
        if Path(target).is_dir():
            raise BadOption(f"'{target}' is a folder.", hint="Name a file in it.")
    if len({Path(target).resolve() for target in targets}) < len(targets):
        raise BadOption(f"Two outputs would go to '{targets[0]}'.", hint="Give each a file of its own.")
    with ExitStack() as folders:
        yield {
            target: folders.enter_context(together(Path(target).parent)) / Path(target).name
            for target in targets
        }


@contextmanager
def _written(*targets: str | None) -> Iterator[Callable[[str | None, str], None]]:
    """Writes texts to files, all or none, and after them to the output stream; None goes nowhere."""
    texts: list[str] = []
    with _placed(*(target for target in targets if target not in (None, STDOUT))) as places:

        def write(target: str | None, text: str) -> None:
            if target == STDOUT:
                texts.append(text)
            elif target is not None:
                places[target].write_text(text, encoding="utf-8")

        yield write
    sys.stdout.writelines(texts)


def _document(schema: str, record: object) -> str:
    document = {"schema": schema, **jsonable(record)}
    return json.dumps(document, ensure_ascii=False, indent=1, default=timedelta.total_seconds) + "\n"


def _show(what: RenderableType, *, beside: str | None) -> None:
    """Print for people; to the error stream where the output stream carries the JSON."""
    Console(stderr=beside == STDOUT, markup=False, highlight=False, soft_wrap=isinstance(what, str)).print(
        what
    )


def _tell(lines: Iterable[str]) -> None:
    console = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(line)


def _tell_files(*targets: str | None) -> None:
    for target in targets:
        if target not in (None, STDOUT):
            _show(str(target), beside=STDOUT if STDOUT in targets else None)


@contextmanager
def _at_work(doing: str) -> Iterator[None]:
    """Something that moves on the terminal; silent where the error stream is not one."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(doing):
        yield


# ------------------------------------------------------------------------------ arguments


def _add_backtest(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=backtest)
    add_cases(command)
    aim = command.add_mutually_exclusive_group()
    _add_level(aim)
    aim.add_argument(
        "--match-promised", action="store_true", help="aim at what the company's own promise kept before"
    )
    command.add_argument(
        "--from", dest="begin", metavar="DATE", help="judge cases that start on DATE or later"
    )
    command.add_argument("--refit-every", metavar="TIME", help="learn anew so often: 7d, 2 weeks, 12h")
    _add_each_group(command)
    command.add_argument("--seed", type=int, default=1, help="of everything that is drawn (1)")
    command.add_argument("--json", metavar="OUT", help="where the result is written; - for the output stream")
    command.add_argument("--plot", metavar="OUT.html", help="where the page is written")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of page and summary")


def _add_fit(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=fit)
    add_cases(command)
    _add_level(command)
    for name, of in (("--cost-late", "unit of time too late"), ("--cost-long", "unit of promise too long")):
        command.add_argument(
            name, type=float, metavar="COST", help=f"of a {of}; the two choose the level in its place"
        )
    command.add_argument("--target-level", type=float, help="share kept of what staff plan for (0.5)")
    _add_each_group(command)
    command.add_argument("--out", required=True, metavar="MODEL.forvent")


def _add_quote(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=quote, now=now)
    command.add_argument("model", metavar="MODEL.forvent")
    command.add_argument(
        "--set", action="append", default=[], metavar="COL=VALUE", help="what is known of the case"
    )
    command.add_argument(
        "--at", metavar="TIME", help="when the case begins; of the zone of the opening hours, else UTC (now)"
    )
    command.add_argument(
        "--json", nargs="?", const=STDOUT, metavar="OUT", help="as JSON, to the output stream"
    )


def _add_try(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=try_promise)
    add_cases(command)
    command.add_argument("--length", required=True, metavar="LENGTH", help='the promise: 30, or "30 min"')
    _add_level(command)
    command.add_argument("--json", metavar="OUT", help="where the result is written; - for the output stream")


def _add_waits(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=waits)
    add_times(command)
    command.add_argument(
        "--level", type=float, default=WAIT_LEVEL, help="share of waits to lie in what is announced (0.9)"
    )
    command.add_argument("--range", action="store_true", help="announce “from … to …”, not only “at most”")
    command.add_argument("--json", metavar="OUT", help="where the result is written; - for the output stream")


def _add_each_group(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--each-group", action="store_true", help="hold the level in each group of --by, not only over all"
    )


def _add_level(command: argparse.ArgumentParser | argparse._MutuallyExclusiveGroup) -> None:
    command.add_argument("--level", type=float, help="share of promises to be kept (0.95)")
