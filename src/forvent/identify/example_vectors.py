"""Vectors of example sentences, kept in a small file: encoding thousands of them takes minutes."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forvent.errors import CannotWrite, UnreadableFile
from forvent.identify.pack_files import plain_text
from forvent.language import Encoder

#: Hexadecimal digits of a text's SHA-256 that it is known by: a chance of 10⁻²⁴ that two of 10,000 agree.
DIGITS = 32
#: Texts encoded at once.
BATCH = 64


@dataclass(frozen=True)
class ExampleVectors:
    """Vectors of texts in eight bits, by the hash of the text; row × ``scale`` gives the vector back."""

    encoder: str
    hashes: tuple[str, ...]
    rows: NDArray[np.int8]
    scale: NDArray[np.float32]

    def of(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Vectors of texts that are among them, shape (len(texts), size); KeyError for any other."""
        place = {known: row for row, known in enumerate(self.hashes)}
        index = [place[_hash(text)] for text in texts]
        return np.asarray(
            self.rows[index].astype(np.float64) * self.scale[index].astype(np.float64)[:, None],
            dtype=np.float64,
        )


def encoder_key(encoder: Encoder) -> str:
    """What vectors of an encoder are filed under: its name, its version where it has one, and its size.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#vectors``.
    """
    return f"{encoder.name} {getattr(encoder, 'version', '')} {encoder.size}"


def example_vectors(
    texts: Iterable[str], encoder: Encoder, *, known: ExampleVectors | None = None
) -> ExampleVectors:
    """Vectors of all texts, of which only those not known are encoded; the known ones are kept as well.

    New vectors are brought to eight bits at once, so that it makes no difference to any answer whether they
    were just encoded or read from a file.

    Parameters
    ----------
    texts
        Any texts; each different one counts once.
    encoder
        What turns texts into vectors.
    known
        Vectors from a file; those of another encoder are left aside.

    Returns
    -------
    ExampleVectors
        Sorted by hash, so that the order of texts changes nothing.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#vectors``.
    """
    key = encoder_key(encoder)
    usable = known if known is not None and known.encoder == key else None
    have = set(usable.hashes) if usable else set()
    new = {_hash(text): plain_text(text) for text in texts}
    missing = sorted(new.keys() - have)
    parts = [
        _in_eight_bits(encoder.encode([new[h] for h in missing[first : first + BATCH]]))
        for first in range(0, len(missing), BATCH)
    ]
    if usable:
        parts.append((usable.rows, usable.scale))
    hashes = [*missing, *(usable.hashes if usable else ())]
    order = sorted(range(len(hashes)), key=hashes.__getitem__)
    rows = np.concatenate([np.zeros((0, encoder.size), np.int8), *(part[0] for part in parts)])
    scale = np.concatenate([np.zeros(0, np.float32), *(part[1] for part in parts)])
    return ExampleVectors(key, tuple(hashes[row] for row in order), rows[order], scale[order])


def save_vectors(vectors: ExampleVectors, path: str | Path) -> None:
    """Write vectors to a file; the same vectors give the same bytes.

    Raises
    ------
    CannotWrite
        If the file cannot be written; what stood there stays.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#vectors``.
    """
    hashes = np.frombuffer(bytes.fromhex("".join(vectors.hashes)), dtype=np.uint8)
    save_arrays(
        path,
        about={"encoder": vectors.encoder, "what": "forvent example vectors 1"},
        hashes=hashes.reshape(len(vectors.hashes), DIGITS // 2),
        rows=vectors.rows,
        scale=vectors.scale,
    )


def read_vectors(path: str | Path | Traversable) -> ExampleVectors:
    """Vectors from a file that :func:`save_vectors` wrote; nothing in it is ever run.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged or of another kind.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#vectors``.
    """
    about, arrays = read_arrays(path, "forvent example vectors 1")
    kinds: list[tuple[str, type[np.generic], int]] = [
        ("hashes", np.uint8, 2),
        ("rows", np.int8, 2),
        ("scale", np.float32, 1),
    ]
    for name, kind, axes in kinds:
        if name not in arrays or arrays[name].dtype != kind or arrays[name].ndim != axes:
            raise UnreadableFile(f"'{path}' holds no vectors of examples: {name}.", hint="Write it again.")
    hashes = tuple(bytes(row).hex() for row in arrays["hashes"])
    if not len(hashes) == len(arrays["rows"]) == len(arrays["scale"]):
        raise UnreadableFile(f"'{path}' has parts of unequal length.", hint="Write it again.")
    return ExampleVectors(
        str(about["encoder"]), hashes, arrays["rows"].astype(np.int8), arrays["scale"].astype(np.float32)
    )


def save_arrays(path: str | Path, *, about: dict[str, object], **arrays: NDArray[np.generic]) -> None:
    """Write plain arrays and a few words on them, packed; all of the file or nothing.

    Raises
    ------
    CannotWrite
        If the file cannot be written.

    Source
    ------
    The format of ``numpy.savez_compressed``, which stamps each part with the same date.
    """
    stream = BytesIO()
    written: dict[str, NDArray[np.generic]] = {
        "about": np.array(json.dumps(about, sort_keys=True, ensure_ascii=False)),
        **arrays,
    }
    np.savez_compressed(stream, allow_pickle=False, **written)
    unfinished = Path(path).with_name(f".unfinished-{Path(path).name}")
    try:
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(stream.getvalue())
        os.replace(unfinished, path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise CannotWrite(
            f"Could not write to '{path}': {error.strerror or error}.", hint="Choose another place."
        ) from error


def read_arrays(
    path: str | Path | Traversable, what: str
) -> tuple[dict[str, object], dict[str, NDArray[np.generic]]]:
    """What :func:`save_arrays` wrote: the words on the arrays, and the arrays.

    Parameters
    ----------
    path
        The file.
    what
        Kind and version that the file must be of.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged or of another kind.

    Source
    ------
    The format of ``numpy.savez_compressed``.
    """
    file = Path(path) if isinstance(path, str) else path
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
        about = json.loads(str(arrays.pop("about")))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableFile(f"'{path}' cannot be read: {error}.", hint="Write it again.") from error
    if not isinstance(about, dict) or about.get("what") != what or "encoder" not in about:
        raise UnreadableFile(f"'{path}' is no file of {what}.", hint="Write it again.")
    return about, arrays


def _hash(text: str) -> str:
    return hashlib.sha256(plain_text(text).encode("utf-8")).hexdigest()[:DIGITS]


def _in_eight_bits(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    scale = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / np.float32(127.0)
    return np.round(vectors / scale[:, None]).astype(np.int8), scale
