"""The command that says what to do first, keeps what was decided and sees whether it helped: forvent plan."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.adjust.priorities import EFFORTS, WEIGHTS, PlanSettings, effort_in_days
from forvent.errors import BadOption
from forvent.identify import names
from forvent.reading.times import DateOrder, read_time
from forvent.records.effect import Effect
from forvent.records.plan import IfPromised, WhatIfs
from forvent.report.plan_json import plan_json
from forvent.report.plan_summary import action_line, effect_summary, plan_summary, what_if_summary
from forvent.runs.acting import MEASURES
from forvent.runs.outputs import together
from forvent.runs.plan_folder import NewAction, PlanFolder

RESULT = "plan.json"
#: What stands before the length in --what-if promise=4.
PROMISE = "promise"
NONE = "none"
#: Options that say something of what another option names.
BELONGS = {
    "action": "add",
    "owner": "add",
    "due": "add",
    "effort": "add",
    "hypothesis": "add",
    "measure": "add",
    "comparison": "add",
    "target": "add",
    "on": "done",
    "why": "drop",
    "since": "effect",
}


def add_plan_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the command with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    _add_plan(
        commands.add_parser("plan", help="what to do first, who does it, and whether it helped"), now=now
    )


def plan(options: argparse.Namespace) -> None:
    """Rank the gaps of a report; add, close or look at an action; try a share met."""
    _check_belongings(options)
    today = options.now().date()
    weights = {name: _weight(name, given) for name, given in _pairs(options.weight, option="--weight")}
    efforts = {name: effort_in_days(given) for name, given in _pairs(options.effort_of, option="--effort-of")}
    console = Console()
    with PlanFolder(options.folder, settings=PlanSettings(weights=weights)) as folder:
        if efforts:
            folder.set_efforts(efforts)
        effects = _asked(folder, options, console=console, today=today)
        tried, promised = _tried(folder, options, console=console)
        found = folder.plan()
        if not (options.add or options.done or options.drop or effects or tried or promised):
            console.print(plan_summary(found, actions=folder.book.actions, names=names("en"), today=today))
        done = {
            action.id: folder.effect(action)
            for action in folder.book.actions
            if action.done is not None and action.id not in effects and folder.can_see(action)
        }
        text = plan_json(
            found,
            actions=folder.book.actions,
            effects={**done, **effects},
            what_if=tried,
            promised=promised,
            made_on=today,
        )
    _write(text, folder=Path(options.folder), extra=options.json)


def _asked(
    folder: PlanFolder, options: argparse.Namespace, *, console: Console, today: date
) -> dict[str, Effect]:
    """What was asked of one action, done and told; effects by id."""
    if options.add:
        console.print(action_line(folder.add(_new_action(options), today=today), today=today), markup=False)
    if options.done:
        on = _day(options.on, option="--on") if options.on else today
        console.print(action_line(folder.done(options.done, on=on), today=today), markup=False)
    if options.drop:
        console.print(
            action_line(folder.drop(options.drop, why=options.why or ""), today=today), markup=False
        )
    if not options.effect:
        return {}
    action = folder.book.find(options.effect)
    effect = folder.effect(action, since=_day(options.since, option="--since") if options.since else None)
    console.print(effect_summary(action, effect))
    return {action.id: effect}


def _tried(
    folder: PlanFolder, options: argparse.Namespace, *, console: Console
) -> tuple[WhatIfs | None, tuple[IfPromised, ...]]:
    targets: dict[str, float] = {}
    promised: tuple[IfPromised, ...] = ()
    for name, given in _pairs(options.what_if, option="--what-if"):
        number = _number(given, option=f"--what-if {name}")
        if name == PROMISE:
            promised += folder.what_if_promised(number)
        else:
            targets[name] = number
    if not targets and not promised:
        return None, ()
    tried = folder.what_if(list(targets), targets=targets) if targets else None
    console.print(
        what_if_summary(
            tried.met if tried else (), promised=promised, names=names("en"), scale=folder.rating_scale()
        )
    )
    return tried, promised


def _write(text: str, *, folder: Path, extra: str | None) -> None:
    targets = [folder / RESULT, *([Path(extra)] if extra else [])]
    if extra and targets[1].is_dir():
        raise BadOption(f"'{extra}' is a folder.", hint="Name a file in it.")
    for target in targets:
        with together(target.parent) as unfinished:
            (unfinished / target.name).write_text(text, encoding="utf-8")
    plain = Console(markup=False, highlight=False, soft_wrap=True)
    plain.print("", *(str(target) for target in targets), sep="\n")


def _new_action(options: argparse.Namespace) -> NewAction:
    comparison = (options.comparison or NONE).strip()
    return NewAction(
        subject=options.add,
        action=options.action or "",
        owner=options.owner or "",
        hypothesis=options.hypothesis or "",
        due=_day(options.due, option="--due") if options.due else None,
        effort_days=effort_in_days(options.effort) if options.effort else None,
        measure=options.measure or MEASURES[0],
        comparison="" if comparison == NONE else comparison,
        target=_number(options.target, option="--target") if options.target else None,
    )


def _check_belongings(options: argparse.Namespace) -> None:
    for name, to in BELONGS.items():
        if getattr(options, name) is not None and not getattr(options, to):
            raise BadOption(f"--{name} says something of --{to}, which is not there.", hint=f"Add --{to}.")


def _pairs(given: Sequence[str], *, option: str) -> list[tuple[str, str]]:
    found = []
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign or not name or not value:
            raise BadOption(f"'{option} {pair}' is no pair.", hint=f"Write it as {option} NAME=VALUE.")
        found.append((name, value))
    return found


def _weight(name: str, given: str) -> float:
    return _number(given, option=f"--weight {name}")


def _number(given: str, *, option: str) -> float:
    text = given.strip()
    percent = text.endswith("%")
    try:
        number = float(text.rstrip("% "))
    except ValueError:
        raise BadOption(f"'{option} {given}' is no number.", hint="Write 0.9 or 90%.") from None
    return number / 100 if percent else number


def _day(given: str, *, option: str) -> date:
    found = read_time(given, order=DateOrder())
    if found is None:
        raise BadOption(f"'{option} {given}' is no date.", hint=f"Write it as {option} 2026-06-30.")
    return found.time.date()


def _add_plan(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=plan, now=now)
    command.add_argument("folder", metavar="DIR", help="what forvent report … --out DIR wrote")
    command.add_argument(
        "--json", metavar="OUT", help=f"write the plan here too; it is always in DIR/{RESULT}"
    )
    command.add_argument(
        "--effort-of",
        action="append",
        default=[],
        metavar="EXPECTATION=EFFORT",
        help=f"what closing it takes: {_sizes()}, or days; kept in DIR",
    )
    command.add_argument(
        "--weight",
        action="append",
        default=[],
        metavar="KIND=WEIGHT",
        help="what a gap of a kind weighs: "
        + ", ".join(f"{kind} {weight:g}" for kind, weight in WEIGHTS.items()),
    )
    command.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar="EXPECTATION=SHARE",
        help="what goes together with another share met; promise=LENGTH for another promise",
    )
    one = command.add_mutually_exclusive_group()
    one.add_argument("--add", metavar="EXPECTATION[@TOUCHPOINT]", help="keep an action with its baseline")
    one.add_argument("--done", metavar="ID", help="the action is done; with --on, else today")
    one.add_argument("--drop", metavar="ID", help="the action is dropped; with --why")
    one.add_argument("--effect", metavar="ID", help="whether its gap closed since it was done, or --since")
    _add_details(command)


def _sizes() -> str:
    return ", ".join(f"{size} ({days:g} days)" for size, days in EFFORTS.items())


def _add_details(command: argparse.ArgumentParser) -> None:
    command.add_argument("--action", metavar="TEXT", help="what is done")
    command.add_argument("--owner", metavar="NAME", help="who does it")
    command.add_argument("--due", metavar="DATE", help="until when")
    command.add_argument("--effort", metavar="EFFORT", help="S, M, L or days")
    command.add_argument("--hypothesis", metavar="TEXT", help="why it should help")
    command.add_argument("--measure", choices=MEASURES, help="how that will be seen (share_met)")
    command.add_argument(
        "--comparison",
        metavar="EXPECTATION[@TOUCHPOINT]",
        help="the same measure where nothing is done; none without",
    )
    command.add_argument("--target", metavar="SHARE", help="what it has to reach; else what is expected")
    command.add_argument("--on", metavar="DATE", help="the day it was done")
    command.add_argument("--why", metavar="TEXT", help="why it is dropped")
    command.add_argument("--since", metavar="DATE", help="the day from which it counts as done")
