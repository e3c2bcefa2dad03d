"""Encoders that one brings oneself: a server, a model in ONNX, a model of sentence-transformers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from forvent.errors import BadOption, EncoderUnavailable
from forvent.language.embeddings_server import PROBE, Address, ServerEncoder, Vectors, unit
from forvent.language.encodable import encodable

#: Tokens of a text that a model reads, where its tokenizer does not say.
TOKENS = 512
_READ = 1 << 20


class Encodes(Protocol):
    """As :class:`forvent.language.Encoder`."""

    name: str
    size: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts."""
        ...


def other_encoder(name: str) -> Encodes | None:
    """The encoder of a name with a kind before the colon; None for any other name.

    Parameters
    ----------
    name
        ``openai:URL#MODEL``, ``onnx:FOLDER`` or ``st:FOLDER``.

    Returns
    -------
    Encoder or None
        Ready to use; it was asked for one vector.

    Raises
    ------
    BadOption
        If nothing stands behind the colon, or an address cannot be one.
    EncoderUnavailable
        If a package or a file is missing, or the server or model gives no usable vector.

    Source
    ------
    Our own definition, ``docs/howto/encoders.md``.

    Examples
    --------
    >>> other_encoder("exact") is None
    True
    """
    kind, sign, rest = name.partition(":")
    if not sign or kind not in _KINDS:
        return None
    if not rest.strip():
        raise BadOption(f"'{name}' names no encoder.", hint=f"Write it as {_FORMS[kind]}.")
    return _KINDS[kind](rest)


def what_leaves(name: str) -> str | None:
    """One sentence on what leaves the computer with an encoder; None where nothing does.

    Parameters
    ----------
    name
        As :func:`other_encoder` takes it.

    Source
    ------
    Our own definition, ``docs/howto/encoders.md``.

    Examples
    --------
    >>> what_leaves("openai:https://example.org/v1#m")
    'Every text goes to https://example.org/v1 (model m).'
    >>> what_leaves("exact") is None
    True
    """
    kind, _, rest = name.partition(":")
    if kind != "openai":
        return None
    address = Address.of(rest)
    if address.on_this_computer:
        return None
    on_the_way = "" if address.encrypted else ", unencrypted: anybody on the way can read it"
    return f"Every text goes to {address.url} (model {address.model}){on_the_way}."


class OnnxEncoder:
    """A model in ONNX with its tokenizer, run on this computer: the mean of its tokens' vectors.

    Texts are encoded one by one, so that what else is in a batch changes nothing.

    Parameters
    ----------
    folder
        Holds ``tokenizer.json``, and ``model.onnx`` or ``onnx/model.onnx``.

    Source
    ------
    Reimers & Gurevych (2019), "Sentence-BERT", section 3, for the mean of tokens; the ONNX specification.
    """

    def __init__(self, folder: str) -> None:
        onnxruntime, tokenizers = _optional("onnx", "onnxruntime", "tokenizers")
        home = Path(folder)
        model = next((p for p in (home / "model.onnx", home / "onnx/model.onnx") if p.is_file()), None)
        if model is None or not (home / "tokenizer.json").is_file():
            missing = "tokenizer.json" if model else "model.onnx"
            raise EncoderUnavailable(
                f"The folder '{folder}' has no {missing}.",
                hint="Export the model to ONNX with its tokenizer.",
            )
        with _working(folder):
            onnxruntime.disable_telemetry_events()
            self._tokenizer = tokenizers.Tokenizer.from_file(str(home / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        self._tokenizer.no_padding()
        if self._tokenizer.truncation is None:
            self._tokenizer.enable_truncation(max_length=TOKENS)
        self._inputs = {one.name: one.type for one in self._session.get_inputs()}
        unknown = sorted(
            set(self._inputs) - {"input_ids", "attention_mask", "token_type_ids", "position_ids"}
        )
        if unknown or "input_ids" not in self._inputs:
            raise EncoderUnavailable(
                f"The model in '{folder}' reads {', '.join(unknown) or 'no input_ids'}.",
                hint="Take a model that turns texts into vectors.",
            )
        self.name = f"onnx:{_name_of(home, sorted(model.parent.glob('model.onnx*')))}"
        self.size = 0
        self.size = self.encode([PROBE]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), size)."""
        rows = [self._row(encodable(text)) for text in texts]
        return unit(np.array(rows).reshape(len(rows), self.size or -1), of=self.name)

    def _row(self, text: str) -> Vectors:
        cut = self._tokenizer.encode(text)
        many = len(cut.ids)
        if not many:
            raise EncoderUnavailable(
                f"The tokenizer of {self.name} makes nothing of a text of {len(text)} characters.",
                hint="It needs an unknown token ([UNK]); take the tokenizer that belongs to the model.",
            )
        given = {
            "input_ids": cut.ids,
            "attention_mask": [1] * many,
            "token_type_ids": cut.type_ids,
            "position_ids": list(range(many)),
        }
        kinds = {
            name: np.int32 if kind == "tensor(int32)" else np.int64 for name, kind in self._inputs.items()
        }
        with _working(self.name):
            found = self._session.run(
                None, {name: np.array([given[name]], dtype=kind) for name, kind in kinds.items()}
            )[0]
        # A model that gives a vector a token is pooled; one that gives a vector a text is taken as it is.
        row: Vectors = found[0].astype(np.float64).mean(axis=0) if found.ndim == 3 else found.reshape(-1)
        return row


class SentenceTransformersEncoder:
    """A model of sentence-transformers that lies on this computer; forvent never downloads one.

    Texts are encoded one by one, so that what else is in a batch changes nothing.

    Parameters
    ----------
    place
        Its folder, or the name of one that was downloaded before.

    Source
    ------
    Reimers & Gurevych (2019), "Sentence-BERT: sentence embeddings using siamese BERT-networks".
    """

    def __init__(self, place: str) -> None:
        (library,) = _optional("st", "sentence_transformers")
        with _working(place, hint="Give a folder with the model in it: forvent downloads none."):
            self._model = library.SentenceTransformer(place, local_files_only=True, trust_remote_code=False)
        home = Path(place)
        weights = [*home.rglob("*.safetensors"), *home.rglob("pytorch_model*.bin")] if home.is_dir() else []
        self.name = f"st:{_name_of(home, sorted(weights)) if home.is_dir() else place}"
        self.size = 0
        self.size = self.encode([PROBE]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), size)."""
        if not texts:
            return np.empty((0, self.size), dtype=np.float32)
        with _working(self.name):
            rows = self._model.encode(
                [encodable(text) for text in texts],
                batch_size=1,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return unit(np.asarray(rows), of=self.name)


_KINDS: dict[str, Callable[[str], Encodes]] = {
    "openai": ServerEncoder,
    "onnx": OnnxEncoder,
    "st": SentenceTransformersEncoder,
}
_FORMS = {"openai": "openai:https://HOST/v1#MODEL", "onnx": "onnx:FOLDER", "st": "st:FOLDER"}


@contextmanager
def _working(of: str, *, hint: str = "Look whether model and tokenizer belong together.") -> Iterator[None]:
    """Whatever a foreign engine complains of becomes an error that says what to do."""
    try:
        yield
    except EncoderUnavailable:
        raise
    except Exception as error:
        # Its sentence is not told: it may quote a text.
        raise EncoderUnavailable(
            f"The encoder '{of}' does not work ({type(error).__name__}).", hint=hint
        ) from error


def _optional(extra: str, *modules: str) -> list[Any]:
    # Imported here: needed by nobody who brings no encoder.
    from importlib import import_module

    try:
        return [import_module(module) for module in modules]
    except ImportError as error:
        raise EncoderUnavailable(
            f"Encoders of the kind '{extra}' need {' and '.join(modules)}: {error}.",
            hint=f"Install forvent with them: pip install 'forvent[{extra}]'.",
        ) from error


def _name_of(home: Path, files: Sequence[Path]) -> str:
    """The folder's own name, and a fingerprint of the weights; where it lies is nobody's business."""
    sha = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while part := stream.read(_READ):
                sha.update(part)
    return f"{home.resolve().name}@{sha.hexdigest()[:12]}"
