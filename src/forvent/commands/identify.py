"""The command forvent identify, and the options of every command that reads what customers said."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from forvent.commands.progress import Report, progress_bar
from forvent.errors import BadOption
from forvent.identify import shipped_packs
from forvent.identify.maker import Maker
from forvent.language.others import what_leaves
from forvent.reading import EpisodeReader, VoiceReader, read_voices
from forvent.rows import RowWriter, mentions_schema, voices_schema
from forvent.runs.listening import Wanted, listen
from forvent.runs.outputs import together

Bar = Callable[[], AbstractContextManager[Report]]

TIERS = ("exact", "fast", "auto")


def add_identify_commands(commands: Any, *, now: Callable[[], datetime]) -> None:  # noqa: ARG001
    """``forvent identify``; it asks no clock."""
    command = commands.add_parser("identify", help="find expectations in what customers said")
    command.set_defaults(run=lambda options: identify(options, bar=progress_bar))
    command.add_argument("voices", metavar="VOICES")
    command.add_argument(
        "--out", required=True, metavar="MENTIONS", help="mentions.jsonl or, quicker, mentions.parquet"
    )
    command.add_argument(
        "--voices-out", metavar="VOICES", help="language, polarity and act of each voice, alike"
    )
    add_map(command)
    add_tier_options(command)
    add_mask(command, default=False)
    command.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="processes; with --encoder fast one a core if not given",
    )


def identify(options: argparse.Namespace, *, bar: Bar) -> None:
    """Write the mentions of each voice, and on demand its language, polarity and act."""
    targets = [Path(options.out), *([Path(options.voices_out)] if options.voices_out else [])]
    if len({target.parent for target in targets}) > 1:
        raise BadOption(
            "--out and --voices-out name two folders.", hint="Name one, so that both are written or none."
        )
    reader = read_voices(options.voices, columns=mapping(options.map), mask=options.mask)
    tell_guesses(reader)
    wanted = Wanted(_form(targets[0]), _form(targets[1]) if len(targets) > 1 else None)
    schemas = (mentions_schema(), voices_schema())
    with together(targets[0].parent) as unfinished, bar() as tell, ExitStack() as files:
        outputs = [
            files.enter_context(Output(unfinished / target.name, schema=schema))
            for target, schema in zip(targets, schemas, strict=False)
        ]
        done = 0
        for heard in listen(reader, maker=maker_of(options), wanted=wanted, jobs=options.jobs):
            for output, part in zip(outputs, (heard.mentions, heard.voices), strict=False):
                output.write(part)
            done += heard.count
            tell("identify", done, reader.rows)
    said = [f"{reader.report.used} voices of {reader.report.rows} rows", *map(str, targets)]
    _tell("\n".join(said), to=sys.stdout)


class Output:
    """A file that rows or lines are appended to, by the ending of its name."""

    def __init__(self, path: Path, *, schema: pa.Schema) -> None:
        self._rows = RowWriter(path, schema) if _form(path) == "rows" else None
        self._lines: TextIO | None = None if self._rows else path.open("w", encoding="utf-8")

    def __enter__(self) -> Output:
        return self

    def __exit__(self, *error: object) -> None:
        if self._rows is not None:
            self._rows.close()
        if self._lines is not None:
            self._lines.close()

    def write(self, part: pa.RecordBatch | str | None) -> None:
        """One batch, in the form this file wants."""
        if self._rows is not None and isinstance(part, pa.RecordBatch):
            self._rows.write_batch(part)
        elif self._lines is not None and isinstance(part, str):
            self._lines.write(part)


def add_map(command: argparse.ArgumentParser, *, such_as: str = "text=comment, rating=stars") -> None:
    """The option that corrects guessed columns."""
    command.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help=f"where a guess is wrong: {such_as}; '-' for none",
    )


def add_encoder_options(command: argparse.ArgumentParser) -> None:
    """The options that name an encoder and its heads."""
    command.add_argument(
        "--encoder",
        default="exact",
        metavar="NAME",
        help=f"one of: {', '.join(TIERS)}; others: docs/howto/encoders.md",
    )
    command.add_argument(
        "--heads", metavar="FILE", help="heads of an encoder of your own; see forvent encoder fit"
    )


def add_packs(command: argparse.ArgumentParser) -> None:
    """The option that names trade packs."""
    command.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="PACK",
        help=f"a trade pack ({', '.join(shipped_packs()) or 'none ships'}) or a folder of your own",
    )


def add_mask(command: argparse.ArgumentParser, *, default: bool) -> None:
    """The option that takes personal data out of what is read."""
    command.add_argument(
        "--mask",
        action=argparse.BooleanOptionalAction,
        default=default,
        help="take personal data out of the texts",
    )


def add_tier_options(command: argparse.ArgumentParser) -> None:
    """The options that say how voices are understood."""
    add_encoder_options(command)
    add_packs(command)
    command.add_argument(
        "--corrections", metavar="FILE", help="what people said of mentions; see forvent correct"
    )
    command.add_argument(
        "--rival", action="append", default=[], metavar="NAME", help="another company your customers name"
    )


def maker_of(options: argparse.Namespace) -> Maker:
    """What the identifier of a command is made from."""
    tell_what_leaves(options.encoder, masked=options.mask)
    return Maker(
        options.encoder, tuple(options.pack), options.corrections, tuple(options.rival), options.heads
    )


def tell_what_leaves(encoder: str, *, masked: bool) -> None:
    """Say loudly where texts go, should they leave this computer."""
    leaves = what_leaves(encoder)
    if leaves is not None:
        personal = "without the personal data that was found" if masked else "with personal data as it stands"
        _tell(f"NOTE: {leaves} Voices go {personal}.", to=sys.stderr)


def mapping(given: Sequence[str]) -> dict[str, str]:
    """Fields and their columns, as ``--map`` names them."""
    mapped: dict[str, str] = {}
    for pair in given:
        name, sign, column = pair.partition("=")
        if not sign or not name or not column:
            raise BadOption(f"'--map {pair}' names no column.", hint="Write it as --map text=comment.")
        mapped[name.removeprefix("voices.")] = column
    return mapped


def tell_guesses(voices: VoiceReader, episodes: EpisodeReader | None = None) -> None:
    """What each column was taken for, before the long work begins."""
    readers: list[tuple[VoiceReader | EpisodeReader, str]] = [(voices, "")]
    if episodes is not None:
        readers.append((episodes, "episodes."))
    for reader, prefix in readers:
        guessed = ", ".join(f"{prefix}{name}={reader.mapping[name]}" for name in reader.guessed)
        if guessed:
            _tell(f"Columns guessed: {guessed} (change with --map)", to=sys.stderr)
        for note in reader.notes:
            _tell(f"  {note}", to=sys.stderr)


def _tell(text: str, *, to: TextIO) -> None:
    to.write(text + "\n")


def _form(path: Path) -> str:
    return "rows" if path.suffix == ".parquet" else "lines"
