"""The commands that find expectations nobody has named: forvent discover | accept."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from forvent.commands.identify import (
    TIERS,
    add_encoder_options,
    add_map,
    add_mask,
    add_packs,
    mapping,
    tell_guesses,
    tell_what_leaves,
)
from forvent.errors import BadOption
from forvent.identify import Example, Identifier, catalogue, names
from forvent.identify.discovery import (
    LEAST,
    SCHEMA,
    Discovered,
    candidate_examples,
    clause_rows,
    clauses_schema,
    discover,
    pick_candidate,
    read_known,
)
from forvent.identify.discovery.heard import Identifies
from forvent.identify.packs import add_expectation, load_pack
from forvent.identify.prepared import get_judge
from forvent.language import Encoder, get_encoder
from forvent.reading import VoiceReader, read_voices
from forvent.records import Estimate, Expectation, NotEnough
from forvent.records.discovery import Candidate, Discovery
from forvent.report.versioned_json import versioned
from forvent.rows import RowWriter
from forvent.runs.outputs import together
from forvent.tables import LANGUAGES

RESULT, CLAUSES_FILE = "discovered.json", "clauses.parquet"
#: Voices understood at once; changes memory, never the answer.
BATCH = 256
NO_PARENT = "-"
#: Candidates printed; the file has all.
SHOWN = 25


def add_discovery_commands(commands: Any, *, now: Callable[[], datetime]) -> None:  # noqa: ARG001
    """Register the commands with the sub-parsers of ``forvent``; they look at no clock."""
    _add_discover(commands.add_parser("discover", help="find what the catalogue does not cover"))
    _add_accept(commands.add_parser("accept", help="make a candidate an expectation of your own pack"))


# ------------------------------------------------------------------------------- commands


def discover_voices(options: argparse.Namespace) -> None:
    """Group what no expectation covers, and write the candidates and where every clause went."""
    known = read_known(options.known) if options.known else None
    packs = [load_pack(given) for given in options.pack]
    reader = read_voices(options.voices, columns=mapping(options.map), mask=options.mask)
    tell_guesses(reader)
    tell_what_leaves(options.encoder, masked=options.mask)
    # What groups is what judges; where two judge, the exact one groups.
    encoder = get_encoder("exact" if options.encoder == "auto" else options.encoder)
    tier = options.encoder if options.encoder in TIERS else encoder
    if options.heads is not None:
        tier = get_judge(options.encoder, packs=packs, heads=options.heads)
    identifier = Identifier(tier, packs=packs)
    with together(options.out) as unfinished:
        found = _found(reader, identifier, encoder, least=options.least, known=known)
        (unfinished / RESULT).write_text(versioned(SCHEMA, found.result), encoding="utf-8")
        with RowWriter(unfinished / CLAUSES_FILE, clauses_schema()) as rows:
            rows.write(clause_rows(found))
    _tell(found.result, language=options.language)
    _say("", *(str(Path(options.out) / file) for file in (RESULT, CLAUSES_FILE)))


def accept(options: argparse.Namespace) -> None:
    """Write a candidate into a pack as an expectation with examples."""
    known = read_known(options.source)
    candidate = pick_candidate(known, options.candidate)
    listed = candidate_examples(
        candidate,
        folder=Path(options.source).parent,
        identifier=options.id or candidate.id,
        most=options.most,
    )
    if options.list:
        _say(*_numbered(listed))
        return
    record = _record(options, parent=_parent(options.parent), candidate=candidate)
    examples = candidate_examples(
        candidate,
        folder=Path(options.source).parent,
        identifier=options.id,
        without=_numbers(options.without),
        most=options.most,
    )
    pack = add_expectation(options.pack, record, names={"en": options.name}, examples=examples)
    _say(
        f"{record.id}: {len(examples)} examples, now in the pack '{pack.id}'.",
        f"Find it with: forvent discover VOICES --out DIR --pack {options.pack}",
    )


def _found(
    reader: VoiceReader, identifier: Identifies, encoder: Encoder, *, least: int, known: Any
) -> Discovered:
    console = Console(stderr=True)
    if not console.is_terminal:
        return discover(
            reader.batches(size=BATCH), identifier=identifier, encoder=encoder, least=least, known=known
        )
    with console.status("Reading what customers said"):
        return discover(
            reader.batches(size=BATCH), identifier=identifier, encoder=encoder, least=least, known=known
        )


def _record(options: argparse.Namespace, *, parent: str | None, candidate: Candidate) -> Expectation:
    missing = [f"--{name}" for name in ("id", "parent", "name", "pack") if getattr(options, name) is None]
    if missing:
        raise BadOption(
            f"To accept '{candidate.id}', {' and '.join(missing)} must be given.",
            hint="Or add --list to see its examples.",
        )
    like = catalogue()[parent or candidate.nearest or next(iter(catalogue()))]
    return Expectation(
        id=options.id,
        expects=options.expects or options.name,
        stage=like.stage,
        usual_type=like.usual_type,
        usual_kind=like.usual_kind,
        parent=parent,
    )


def _parent(given: str | None) -> str | None:
    if given is None or given == NO_PARENT:
        return None
    if given not in catalogue():
        raise BadOption(
            f"The parent '{given}' is no id of the general catalogue.",
            hint=f"Give '-' for none, or one of: {', '.join(catalogue())}.",
        )
    return given


def _numbers(given: Sequence[str]) -> tuple[int, ...]:
    try:
        return tuple(int(number) for part in given for number in part.split(","))
    except ValueError:
        raise BadOption(
            f"'--without {','.join(given)}' is no list of numbers.", hint="Write it as --without 3,7."
        ) from None


# -------------------------------------------------------------------------------- writing


def _tell(result: Discovery, *, language: str) -> None:
    covered = result.coverage
    lines = [
        *result.notes,
        f"{covered.voices} different voices"
        + (f" ({covered.repeats} more had the same text as another)" if covered.repeats else "")
        + f", {covered.clauses} clauses: {covered.covered} covered by the catalogue, {covered.candidates} in "
        f"candidates, {covered.other} other, {covered.general} say only that somebody is glad or not, "
        f"{covered.content_free} say nothing.",
        f"Covered: {_share(covered.catalogue_share)}; "
        f"with the candidates {_share(covered.with_candidates_share)}.",
        f"Half of the data gives the same groups to {_plain(result.stability)} (1 is all, 0 is chance).",
    ]
    _say(*lines)
    shown = [candidate for candidate in result.candidates if candidate.voices][:SHOWN]
    if shown:
        Console().print(_grid(shown, language=language))
    if len(shown) < len(result.candidates):
        _say(f"{len(result.candidates) - len(shown)} more candidates in {RESULT}.")


def _grid(candidates: Sequence[Candidate], *, language: str) -> Table:
    grid = Table(box=None, pad_edge=False)
    for title in ("candidate", "words", "voices", "share", "negative", "change", "languages", "nearest"):
        grid.add_column(title, justify="right" if title in ("voices", "share", "negative") else "left")
    called = names(language)
    for candidate in candidates:
        words = "; ".join(", ".join(found) for found in candidate.words.values())
        nearest = called[candidate.nearest]["name"] if candidate.nearest else ""
        grid.add_row(
            candidate.id,
            words,
            str(candidate.voices),
            _share(candidate.share),
            _share(candidate.negative),
            _change(candidate.growth.change),
            " ".join(candidate.languages),
            f"{nearest} ({candidate.similarity or 0.0:.2f})",
        )
    return grid


def _share(found: Estimate | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return "not enough data"
    return f"{100 * found.value:.0f} % ({100 * found.low:.0f}–{100 * found.high:.0f} %)"


def _change(found: Estimate | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return "–"
    return f"{100 * found.value:+.1f} points ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def _plain(found: Estimate | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return "a degree nobody can tell yet"
    return f"{found.value:.2f} ({found.low:.2f}–{found.high:.2f})"


def _numbered(examples: Sequence[Example]) -> list[str]:
    return [
        f"{number:3d}  {example.language}  {example.polarity:6s} {example.text}"
        for number, example in enumerate(examples, start=1)
    ]


def _say(*lines: str) -> None:
    # No markup: customers' words may hold brackets.
    console = Console(markup=False, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(line)


# ------------------------------------------------------------------------------ arguments


def _add_discover(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=discover_voices)
    command.add_argument("voices", metavar="VOICES", help="CSV, TSV, Excel, JSONL or Parquet, also .gz")
    command.add_argument("--out", required=True, metavar="DIR")
    add_map(command)
    add_encoder_options(command)
    add_packs(command)
    add_mask(command, default=False)
    command.add_argument(
        "--known", metavar="discovered.json", help="an earlier result: its candidates keep id and members"
    )
    command.add_argument(
        "--least", type=int, default=LEAST, help=f"voices that a new candidate needs ({LEAST})"
    )
    command.add_argument("--language", choices=LANGUAGES, default="en", help="language of the names shown")


def _add_accept(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=accept)
    command.add_argument("candidate", metavar="CANDIDATE", help="its id, or the beginning of it")
    command.add_argument("--from", dest="source", required=True, metavar="DIR/discovered.json")
    command.add_argument("--list", action="store_true", help="only show its examples, numbered")
    command.add_argument("--id", help="of the new expectation: small letters and _")
    command.add_argument("--parent", metavar="ID|-", help="id of the general catalogue it makes more exact")
    command.add_argument("--name", help="a few words, in English")
    command.add_argument("--expects", help="what the customer expects, as a half sentence (the name)")
    command.add_argument("--pack", metavar="FOLDER", help="your own pack; made if it is not there")
    command.add_argument(
        "--without", action="append", default=[], metavar="N", help="examples to leave out: 3,7"
    )
    command.add_argument("--most", type=int, default=60, help="most examples (60)")
