"""Files of heads that a person fitted for an encoder of their own."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from forvent.errors import EncoderUnavailable, UnreadableFile
from forvent.identify.catalogue import catalogue
from forvent.identify.example_vectors import save_arrays
from forvent.identify.fit import FittedHeads
from forvent.identify.heads import SPOKEN_ACTS, Heads, Numbers, read_heads
from forvent.language import Encoder

_WHAT = "forvent heads 1"
#: Their vectors are kept beside the heads: another model under the same name gives others.
PROBES = ("The parcel came on time.", "Nikdo mi neodpověděl.", "价格太高了。")
#: Cosine from which two vectors of a text are of the same model.
SAME = 0.98
_AGAIN = "Fit them again: forvent encoder fit."


def save_heads(fitted: FittedHeads, path: str | Path, *, encoder: Encoder) -> None:
    """Write heads to a file; the same heads and encoder give the same bytes.

    Parameters
    ----------
    fitted
        From :func:`forvent.identify.fit.fit_heads`.
    path
        Where to; all of the file is written or nothing.
    encoder
        The one they were fitted for.

    Raises
    ------
    CannotWrite
        If the file cannot be written; what stood there stays.

    Source
    ------
    Our own definition, ``docs/howto/encoders.md#fit``.
    """
    about: dict[str, object] = {
        "what": _WHAT,
        "encoder": fitted.encoder,
        "version": fitted.version,
        "expectations": fitted.expectations,
        "acts": SPOKEN_ACTS,
        "thresholds": asdict(fitted.thresholds),
    }
    arrays: dict[str, Numbers] = {
        name: getattr(fitted, name) for name in ("weights", "bias", "center", "spread")
    }
    save_arrays(
        path,
        about=about,
        **{name: values.astype(np.float32) for name, values in arrays.items()},
        probes=encoder.encode(PROBES).astype(np.float32),
    )


def heads_for(encoder: Encoder, path: str | Path) -> Heads:
    """The heads of a file, if they were fitted for this encoder.

    Parameters
    ----------
    encoder
        What turns texts into vectors; asked for those of three short sentences.
    path
        Written by :func:`save_heads`.

    Returns
    -------
    Heads
        Ready to judge.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged or of another kind.
    EncoderUnavailable
        If the heads are of another encoder, or another model answers under its name.

    Source
    ------
    Our own definition, ``docs/howto/encoders.md#fit``.
    """
    try:
        with Path(path).open("rb") as stream:
            heads = read_heads(stream)
            stream.seek(0)
            with np.load(stream, allow_pickle=False) as arrays:
                about = json.loads(str(arrays["about"]))
                probes = arrays["probes"].astype(np.float64)
        of = str(about["encoder"])
    except OSError as error:
        raise UnreadableFile(
            f"'{path}' cannot be read: {error.strerror or 'it is damaged'}.", hint="Give the file of heads."
        ) from error
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableFile(f"'{path}' holds no heads of forvent.", hint=_AGAIN) from error
    if of != encoder.name:
        raise EncoderUnavailable(
            f"The heads in '{path}' were fitted for '{of}', not for '{encoder.name}'.", hint=_AGAIN
        )
    _check(heads, probes, size=encoder.size, path=path)
    found = encoder.encode(PROBES).astype(np.float64)
    alike = (found * probes).sum(axis=1) / np.linalg.norm(found, axis=1) / np.linalg.norm(probes, axis=1)
    if not (alike >= SAME).all():
        raise EncoderUnavailable(
            f"'{encoder.name}' is another model than the one the heads in '{path}' were fitted for: "
            "the same sentences have other vectors.",
            hint=_AGAIN,
        )
    return heads


def _check(heads: Heads, probes: Numbers, *, size: int, path: str | Path) -> None:
    outputs = 2 * len(heads.expectations) + len(SPOKEN_ACTS) + 4
    shapes = {
        "weights": (heads.weights, (size, outputs)),
        "bias": (heads.bias, (outputs,)),
        "center": (heads.center, (size,)),
        "spread": (heads.spread, (size,)),
        "probes": (probes, (len(PROBES), size)),
    }
    for name, (values, shape) in shapes.items():
        if values.shape != shape or not np.isfinite(values).all():
            raise UnreadableFile(f"'{path}' is damaged: {name}.", hint=_AGAIN)
    if heads.expectations != tuple(catalogue()):
        raise UnreadableFile(f"'{path}' was fitted for another catalogue of expectations.", hint=_AGAIN)
