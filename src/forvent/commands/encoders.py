"""The command that makes an encoder of one's own usable: forvent encoder fit."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from forvent.errors import BadOption
from forvent.identify.catalogue import catalogue_examples
from forvent.identify.example_vectors import ExampleVectors, example_vectors, read_vectors, save_vectors
from forvent.identify.fit import FittedHeads, fit_heads
from forvent.identify.heads_files import save_heads
from forvent.language import Encoder, get_encoder
from forvent.language.others import what_leaves
from forvent.records import Estimate, NotEnough


def add_encoders_commands(commands: Any, *, now: Callable[[], datetime]) -> None:  # noqa: ARG001
    """Register the commands with the sub-parsers of ``forvent``; they look at no clock."""
    encoder = commands.add_parser("encoder", help="bring an encoder of your own")
    steps = encoder.add_subparsers(required=True, metavar="COMMAND")
    _add_fit(steps.add_parser("fit", help="fit heads for an encoder, and say how well it does"))


def fit(options: argparse.Namespace) -> None:
    """Fit heads for an encoder on the catalogue's examples, write them, and print how well they do."""
    if Path(options.out).is_dir():
        raise BadOption(f"'{options.out}' is a folder.", hint="Name a file: --out heads.npz.")
    leaves = what_leaves(options.encoder)
    if leaves is not None:
        _say(f"NOTE: {leaves} To fit, these are forvent's own examples, no customer's words.", stderr=True)
    known = read_vectors(options.vectors) if options.vectors and Path(options.vectors).exists() else None
    console = Console(stderr=True)
    encoder = get_encoder(options.encoder)
    with console.status("Encoding the examples"):
        vectors = _vectors(encoder, known)
    if options.vectors:
        save_vectors(vectors, options.vectors)
    with console.status("Learning"):
        fitted = fit_heads(encoder, seed=options.seed, known=vectors)
    save_heads(fitted, options.out, encoder=encoder)
    for line in _lines(fitted):
        _say(line)
    _say(str(options.out))


def _vectors(encoder: Encoder, known: ExampleVectors | None) -> ExampleVectors:
    return example_vectors([example.text for example in catalogue_examples()], encoder, known=known)


def _lines(fitted: FittedHeads) -> list[str]:
    quality = fitted.quality
    return [
        f"{fitted.encoder}: heads fitted on {quality.examples} examples. On those held out:",
        f"  expectations found       {_share(quality.mention_recall)}",
        f"  right where found        {_share(quality.mention_precision)}",
        f"  likeliest is right       {_share(quality.likeliest)}",
        f"  met told from unmet      {_share(quality.side)}",
        f"  wishes found             {_share(quality.wish_recall)}",
        f"  right where wish found   {_share(quality.wish_precision)}",
        "These are invented sentences about one expectation each: on real voices it will be less.",
        "Questions, remarks, neutral words and irony cannot be learned from them and are never told.",
    ]


def _share(found: Estimate | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return "not enough data"
    return f"{100 * found.value:.1f} % ({100 * found.low:.1f}–{100 * found.high:.1f} %, of {found.n})"


def _say(text: str, *, stderr: bool = False) -> None:
    Console(stderr=stderr, markup=False, highlight=False, soft_wrap=True).print(text)


def _add_fit(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=fit)
    command.add_argument(
        "--encoder",
        required=True,
        metavar="NAME",
        help="openai:https://HOST/v1#MODEL, onnx:FOLDER or st:FOLDER; see docs/howto/encoders.md",
    )
    command.add_argument("--out", required=True, metavar="HEADS.npz", help="where the heads are written")
    command.add_argument(
        "--vectors", metavar="FILE", help="keeps the examples' vectors, so that none is asked for twice"
    )
    command.add_argument("--seed", type=int, default=1, help="of the folds that are held out (1)")
