"""The commands forvent report and forvent demo: the loop on files, and on a shop whose truth is known."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.assess.chain.episodes import FAULTS
from forvent.commands.identify import (
    add_map,
    add_mask,
    add_tier_options,
    maker_of,
    mapping,
    tell_guesses,
)
from forvent.commands.options import ends_of
from forvent.commands.progress import progress_bar
from forvent.errors import BadOption
from forvent.identify import names
from forvent.loop import Options, run_loop
from forvent.records import Findings
from forvent.report import findings_json, page, summary
from forvent.runs.action_book import read_book
from forvent.runs.alerting import keep_alerts, read_alerts
from forvent.runs.outputs import together
from forvent.simulate import sample_business, write_sample
from forvent.tables import LANGUAGES


def add_report_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """``forvent report`` and ``forvent demo``; ``now`` is the clock."""
    _add_report(commands.add_parser("report", help="run the loop on files and write the report"), now=now)
    _add_demo(commands.add_parser("demo", help="invent a shop and run the loop on it"), now=now)


def report(options: argparse.Namespace, *, now: datetime) -> None:
    """Run the loop on files and write report, findings and mentions."""
    mapped = mapping(options.map)
    of_episodes = options.by or options.owner or any(name.startswith("episodes.") for name in mapped)
    if options.episodes is None and of_episodes:
        raise BadOption(
            "--by, --owner and --map episodes.… speak of episodes, and no file of episodes is given.",
            hint="Add --episodes FILE, or leave them out.",
        )
    # What was decided after earlier runs into this folder stays; damage to it shows before the long work.
    book = read_book(options.out)
    read_alerts(options.out)
    chosen = Options(
        level=options.level,
        encoder=maker_of(options).make,
        columns={name: column for name, column in mapped.items() if "." not in name},
        episode_columns={
            name.removeprefix("episodes."): column
            for name, column in mapped.items()
            if name.startswith("episodes.")
        },
        by=tuple(column for given in options.by for column in given.split(",")),
        scale=ends_of(options.scale),
        mask=options.mask,
        owners=_owners(options.owner),
        actions=book.actions,
        efforts=book.efforts,
        segments=tuple(column for given in options.segment for column in given.split(",")),
    )
    with together(options.out) as unfinished:
        findings = _write_report(
            options.voices, options.episodes, chosen, folder=unfinished, language=options.language, now=now
        )
    _tell_findings(findings, out=options.out, language=options.language)


def demo(options: argparse.Namespace, *, now: datetime) -> None:
    """Invent a shop whose truth is known, run the loop on it, and open the report."""
    business = sample_business(seed=options.seed)
    with together(options.out) as unfinished:
        voices, episodes = write_sample(business, unfinished)
        findings = _write_report(
            voices,
            episodes,
            Options(by=("region", "shipping")),
            folder=unfinished,
            language=options.language,
            now=now,
            title=business.truth.name,
        )
    _tell_findings(findings, out=options.out, language=options.language)
    if sys.stdout.isatty() and "CI" not in os.environ:
        webbrowser.open((Path(options.out) / "report.html").resolve().as_uri())


def _write_report(
    voices: Path | str,
    episodes: Path | str | None,
    chosen: Options,
    *,
    folder: Path,
    language: str,
    now: datetime,
    title: str = "",
) -> Findings:
    with progress_bar() as progress:
        found = run_loop(
            voices,
            now=now,
            episodes=episodes,
            options=replace(chosen, tables_to=folder),
            mentions_to=folder / "mentions.parquet",
            opened=tell_guesses,
            progress=progress,
        )
    findings = replace(found, title=title or found.title)
    (folder / "findings.json").write_text(findings_json(findings), encoding="utf-8")
    keep_alerts(findings, folder=folder, before=folder.parent)
    html = page(findings, language=language, names=names(language))
    (folder / "report.html").write_text(html, encoding="utf-8")
    return findings


def _tell_findings(findings: Findings, *, out: str, language: str) -> None:
    Console().print(summary(findings, language=language, names=names(language)))
    files = ["report.html", "findings.json", "mentions.parquet"]
    files += ["chain.parquet"] if findings.chain is not None else []
    sys.stdout.write("\n".join(["", *(str(Path(out) / file) for file in files)]) + "\n")


def _owners(given: Sequence[str]) -> dict[str, str]:
    """Column of the owners by fault."""
    found: dict[str, str] = {}
    for pair in given:
        fault, _, column = pair.partition("=")
        if fault not in FAULTS or not column:
            raise BadOption(
                f"'--owner {pair}' names no fault or no column.",
                hint=f"Write it as --owner FAULT=COLUMN; the faults are {', '.join(FAULTS)}.",
            )
        if fault in found:
            raise BadOption(f"“{fault}” is given two columns.", hint="Give it one, or join both in the file.")
        found[fault] = column
    return found


def _add_report(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=lambda options: report(options, now=now()))
    command.add_argument("voices", metavar="VOICES", help="CSV, TSV, Excel, JSONL or Parquet, also .gz")
    command.add_argument("--episodes", metavar="EPISODES", help="what was promised and delivered")
    add_map(command, such_as="text=comment, rating=stars, episodes.promised=due")
    command.add_argument(
        "--by", action="append", default=[], metavar="COLUMN", help="column that groups the episodes"
    )
    command.add_argument(
        "--owner",
        action="append",
        default=[],
        metavar="FAULT=COLUMN",
        help=f"column of the episodes that says whose a fault may be; faults: {', '.join(FAULTS)}",
    )
    command.add_argument(
        "--segment", action="append", default=[], metavar="COLUMN",
        help="column of the voices that names segments of your customers",
    )  # fmt: skip
    command.add_argument(
        "--scale", metavar="LOW..HIGH", help="scale of the ratings, where the guess is wrong"
    )
    command.add_argument("--level", type=float, default=0.95, help="share of promises to be kept (0.95)")
    add_tier_options(command)
    add_mask(command, default=True)
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the report")
    command.add_argument("--out", required=True, metavar="DIR")


def _add_demo(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=lambda options: demo(options, now=now()))
    command.add_argument("--out", default="demo", metavar="DIR")
    command.add_argument("--seed", type=int, default=7, help="another seed, another shop")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the report")
