"""The commands by which people teach forvent: forvent pack check | correct."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from forvent.commands.identify import add_map, mapping
from forvent.errors import BadOption
from forvent.identify.catalogue import catalogue, catalogue_examples
from forvent.identify.corrections import ACTIONS, append_correction, text_hash
from forvent.identify.example_vectors import ExampleVectors, example_vectors, read_vectors, save_vectors
from forvent.identify.learned import LEAST, TOLD_FROM, learn
from forvent.identify.learned_head import LearnedQuality
from forvent.identify.packs import Pack, catalogue_with, load_pack
from forvent.language import LanguageDetector, available_encoders, get_encoder
from forvent.reading import read_voices
from forvent.records import Estimate, NotEnough, Voice
from forvent.records.corrections import Correction
from forvent.tables import POLARITIES

BATCH = 256


def add_expectations_commands(commands: Any, *, now: Callable[[], datetime]) -> None:
    """Register the commands with the sub-parsers of ``forvent``; ``now`` reads the clock (UTC)."""
    pack = commands.add_parser("pack", help="look after trade packs")
    steps = pack.add_subparsers(required=True, metavar="COMMAND")
    _add_check(steps.add_parser("check", help="read a pack, learn from it, and say how well it is found"))
    _add_correct(commands.add_parser("correct", help="say what is right or wrong in one voice"), now=now)


# ------------------------------------------------------------------------------- commands


def check(options: argparse.Namespace) -> None:
    """Read a pack, learn its expectations, and print how well each is found in examples held out."""
    pack = load_pack(options.pack)
    expectations = catalogue_with([pack])
    contrast = catalogue_examples()
    known = read_vectors(options.vectors) if options.vectors and Path(options.vectors).exists() else None
    console = Console(stderr=True)
    with console.status("Encoding the examples"):
        texts = [example.text for example in (*pack.examples, *contrast)]
        vectors: ExampleVectors = example_vectors(texts, get_encoder(options.encoder), known=known)
    if options.vectors:
        save_vectors(vectors, options.vectors)
    with console.status("Learning"):
        head = learn(pack.examples, contrast=contrast, vectors=vectors, expectations=expectations)
    _show(_quality_grid(head.quality))
    for line in (*_advice(pack, head.quality), *_overlap_lines(pack, head.quality)):
        _show(line)


def correct(options: argparse.Namespace) -> None:
    """Add what a person says of one voice to the file of corrections."""
    voice = _voice(options)
    _check_ids(options)
    correction = append_correction(
        options.corrections,
        Correction(
            text_hash=text_hash(voice.text),
            voice_id=voice.voice_id,
            quote=options.quote,
            expectation=options.expectation,
            action=options.action,
            polarity=options.polarity,
            by=options.by or getpass.getuser(),
            at=options.now(),
            instead=options.instead,
            language=options.language or voice.language or LanguageDetector().detect(voice.text).language,
        ),
        text=voice.text,
    )
    # Without the quote: it is a customer's words, and this may run where output is logged.
    about = (
        f"{correction.expectation} → {correction.instead}" if correction.instead else correction.expectation
    )
    polarity = f", {correction.polarity}" if correction.polarity else ""
    _show(f"{options.corrections}: {correction.action}, {about}{polarity}")


def _voice(options: argparse.Namespace) -> Voice:
    if (options.text is None) == (options.voice is None):
        raise BadOption(
            "It takes one voice.", hint="Give its words with --text, or --voice ID with --voices FILE."
        )
    if options.text is not None:
        return Voice(voice_id="", text=options.text, row=1)
    if options.voices is None:
        raise BadOption("--voice names a voice, and no file of voices is given.", hint="Add --voices FILE.")
    reader = read_voices(options.voices, columns=mapping(options.map))
    for batch in reader.batches(size=BATCH):
        for voice in batch:
            if voice.voice_id == options.voice:
                return voice
    raise BadOption(
        f"'{options.voices}' has no voice '{options.voice}'.",
        hint="The ids stand in mentions.jsonl as voice_id.",
    )


def _check_ids(options: argparse.Namespace) -> None:
    known = catalogue_with([load_pack(name) for name in options.pack])
    for identifier in (options.expectation, options.instead):
        if identifier is not None and identifier not in known:
            raise BadOption(
                f"There is no expectation '{identifier}'.",
                hint="Add --pack if it is one of a pack. The general ones are: "
                + ", ".join(catalogue())
                + ".",
            )


# -------------------------------------------------------------------------------- showing


def _quality_grid(quality: tuple[LearnedQuality, ...]) -> Table:
    grid = Table(title="Found in examples that were held out")
    for column in ("expectation", "examples", "languages", "found of its own", "right where found"):
        grid.add_column(column)
    for one in quality:
        languages = ", ".join(f"{language or '?'} {many}" for language, many in one.languages.items())
        grid.add_row(
            one.expectation, str(one.examples), languages, _number(one.recall), _number(one.precision)
        )
    return grid


def _number(number: Estimate | NotEnough) -> str:
    if isinstance(number, NotEnough):
        return f"not enough ({number.n})"
    return f"{100 * number.value:.0f} % ({100 * number.low:.0f}–{100 * number.high:.0f}, {number.n})"


def _advice(pack: Pack, quality: tuple[LearnedQuality, ...]) -> Iterator[str]:
    learned = {one.expectation: one for one in quality}
    for identifier in pack.expectations:
        if identifier not in learned:
            yield f"{identifier}: not learned; write {LEAST} different examples or more, better 24."
        elif learned[identifier].examples < TOLD_FROM:
            more = TOLD_FROM - learned[identifier].examples
            yield f"{identifier}: learned, but how well cannot be said yet; write {more} more examples."


def _overlap_lines(pack: Pack, quality: tuple[LearnedQuality, ...]) -> Iterator[str]:
    for one in quality:
        parent = pack.expectations[one.expectation].parent
        for other, many, of in one.overlaps:
            said = f"{one.expectation}: {many} of {of} examples of"
            if other == parent:
                yield f"{said} its parent {other} may speak of it too."
            else:
                yield f"{said} {other} were taken for it; is the border clear?"


def _show(what: Any) -> None:
    Console(markup=False, highlight=False, soft_wrap=isinstance(what, str)).print(what)


# ------------------------------------------------------------------------------ arguments


def _add_check(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=check)
    command.add_argument(
        "pack", metavar="FOLDER", help="a folder with a pack.toml, or the name of a shipped pack"
    )
    command.add_argument(
        "--encoder", default="exact", metavar="NAME", help=f"one of: {', '.join(available_encoders())}"
    )
    command.add_argument(
        "--vectors", metavar="FILE.npz", help="keep vectors of examples here: the second check takes seconds"
    )


def _add_correct(command: argparse.ArgumentParser, *, now: Callable[[], datetime]) -> None:
    command.set_defaults(run=correct, now=now)
    command.add_argument("action", choices=ACTIONS)
    command.add_argument("expectation", metavar="EXPECTATION", help="id of the mention, or of the one missed")
    command.add_argument("--corrections", required=True, metavar="FILE.jsonl")
    command.add_argument("--text", help="the whole text of the voice")
    command.add_argument("--voice", metavar="ID", help="id of the voice in --voices")
    command.add_argument("--voices", metavar="FILE", help="CSV, TSV, Excel, JSONL or Parquet, also .gz")
    add_map(command)
    command.add_argument(
        "--quote", default="", metavar="WORDS", help="the words it is about (the whole text)"
    )
    command.add_argument("--polarity", choices=POLARITIES)
    command.add_argument("--instead", metavar="EXPECTATION", help="what it is, for the action instead")
    command.add_argument("--language", metavar="CODE", help="of the text, where the guess is wrong")
    command.add_argument(
        "--pack", action="append", default=[], metavar="PACK", help="packs whose ids are used"
    )
    command.add_argument("--by", default="", metavar="NAME", help="who says so (the user of this computer)")
