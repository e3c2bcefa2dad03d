"""Encoders that one brings oneself: ONNX and sentence-transformers, with pretended and real engines."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from forvent.errors import BadOption, EncoderUnavailable
from forvent.language import get_encoder
from forvent.language.others import other_encoder, what_leaves

WORDS = ["[UNK]", "late", "on", "time"]
TABLE = np.array([[0.0, 0.0, 1.0], [3.0, 4.0, 0.0], [0.0, 2.0, 0.0], [2.0, 0.0, 0.0]], dtype=np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "tiny"
    home.mkdir()
    (home / "model.onnx").write_bytes(gather_model(TABLE))
    model = {"type": "WordLevel", "vocab": {word: n for n, word in enumerate(WORDS)}, "unk_token": "[UNK]"}
    (home / "tokenizer.json").write_text(
        json.dumps({"version": "1.0", "model": model, "pre_tokenizer": {"type": "WhitespaceSplit"}})
    )
    return home


# ------------------------------------------------------------------------ a model, by hand


def field(number: int, content: bytes | str | int) -> bytes:
    """One field of a protocol buffer."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    raw = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def value(name: str, *, kind: int, axes: Sequence[str]) -> bytes:
    shape = b"".join(field(1, field(2, axis)) for axis in axes)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def gather_model(table: np.ndarray) -> bytes:
    """ONNX: input_ids (int64) → rows of a table, as an embedding layer does."""
    node = field(1, "table") + field(1, "input_ids") + field(2, "last_hidden_state") + field(4, "Gather")
    dims = b"".join(field(1, size) for size in table.shape)
    weights = dims + field(2, 1) + field(8, "table") + field(9, table.tobytes())
    graph = field(1, node) + field(2, "tiny") + field(5, weights)
    graph += field(11, value("input_ids", kind=7, axes=("batch", "places")))
    graph += field(12, value("last_hidden_state", kind=1, axes=("batch", "places", "size")))
    return field(1, 8) + field(7, graph) + field(8, field(2, 13))


# ------------------------------------------------------------------------ pretended engines


class PretendSession:
    kinds: ClassVar[dict[str, str]] = {
        "input_ids": "tensor(int64)",
        "attention_mask": "tensor(int64)",
        "position_ids": "tensor(int32)",
    }
    flat = False

    def __init__(self, path: str, *, providers: list[str]) -> None:
        assert Path(path).is_file()
        assert providers == ["CPUExecutionProvider"]

    def get_inputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=name, type=kind) for name, kind in self.kinds.items()]

    def run(self, _: None, given: dict[str, Any]) -> list[Any]:
        assert set(given) == set(self.kinds)
        assert given["position_ids"].dtype == np.int32
        if 3 in given["input_ids"] and 1 in given["input_ids"]:
            raise RuntimeError("late time is a customer's text")
        found = TABLE[given["input_ids"]]
        return [found[:, 0] if self.flat else found]


class PretendTokenizer:
    truncation: Any = None

    @classmethod
    def from_file(cls, path: str) -> PretendTokenizer:
        json.loads(Path(path).read_text(encoding="utf-8"))
        return cls()

    def no_padding(self) -> None: ...

    def enable_truncation(self, *, max_length: int) -> None:
        self.truncation = max_length

    def encode(self, text: str) -> SimpleNamespace:
        ids = [WORDS.index(word) if word in WORDS else 0 for word in text.split()][: self.truncation]
        return SimpleNamespace(ids=ids, type_ids=[0] * len(ids))


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, tokenizers = ModuleType("onnxruntime"), ModuleType("tokenizers")
    runtime.InferenceSession = PretendSession  # type: ignore[attr-defined]
    runtime.disable_telemetry_events = lambda: None  # type: ignore[attr-defined]
    tokenizers.Tokenizer = PretendTokenizer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
    monkeypatch.setitem(sys.modules, "tokenizers", tokenizers)


def expected(*rows: Sequence[float]) -> Any:
    found = np.array(rows)
    return pytest.approx(found / np.linalg.norm(found, axis=1, keepdims=True), abs=1e-5)


# ---------------------------------------------------------------------------------- onnx


@pytest.mark.usefixtures("pretended")
def test_onnx_takes_the_mean_of_the_tokens(folder: Path) -> None:
    found = get_encoder(f"onnx:{folder}")
    assert found.size == 3
    assert found.encode(["late", "on time", "never heard"]) == expected([3, 4, 0], [1, 1, 0], [0, 0, 1])
    assert found.encode([]).shape == (0, 3)


@pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None or importlib.util.find_spec("tokenizers") is None,
    reason="onnxruntime and tokenizers are not installed: pip install 'forvent[onnx]'",
)
def test_onnx_runs_a_real_model(folder: Path) -> None:
    found = get_encoder(f"onnx:{folder}")
    together = found.encode(["late", "on time", "never heard", "late late on"])
    assert together == expected([3, 4, 0], [1, 1, 0], [0, 0, 1], [6, 10, 0])
    alone = [other_encoder(f"onnx:{folder}").encode([text])[0] for text in ("late", "on time")]  # type: ignore[union-attr]
    assert np.array_equal(together[:2], np.array(alone))


@pytest.mark.usefixtures("pretended")
def test_a_model_that_gives_a_vector_a_text_is_taken_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PretendSession, "flat", True)
    assert get_encoder(f"onnx:{folder}").encode(["on time"]) == expected([0, 1, 0])


@pytest.mark.usefixtures("pretended")
def test_the_name_tells_the_model_but_not_where_it_lies(folder: Path) -> None:
    before = get_encoder(f"onnx:{folder}").name
    assert before.startswith("onnx:tiny@")
    assert str(folder.parent) not in before
    (folder / "model.onnx").write_bytes(b"another model")
    assert get_encoder(f"onnx:{folder}").name != before
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx/model.onnx")
    assert get_encoder(f"onnx:{folder}").size == 3


@pytest.mark.usefixtures("pretended")
def test_what_is_missing_or_does_not_fit_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PretendSession, "kinds", {"pixel_values": "tensor(float)"})
    with pytest.raises(EncoderUnavailable, match="reads pixel_values"):
        get_encoder(f"onnx:{folder}")
    (folder / "tokenizer.json").write_text("no tokenizer")
    with pytest.raises(EncoderUnavailable, match=r"does not work \(JSONDecodeError\)"):
        get_encoder(f"onnx:{folder}")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EncoderUnavailable, match=r"has no tokenizer\.json\. Export the model"):
        get_encoder(f"onnx:{folder}")
    with pytest.raises(EncoderUnavailable, match=r"has no model\.onnx\."):
        get_encoder(f"onnx:{folder}/nowhere")


@pytest.mark.usefixtures("pretended")
def test_no_word_of_a_customer_stands_in_an_error(folder: Path) -> None:
    found = get_encoder(f"onnx:{folder}")
    with pytest.raises(EncoderUnavailable) as refused:
        found.encode(["late time"])
    assert "does not work (RuntimeError). Look whether model and tokenizer" in str(refused.value)
    with pytest.raises(EncoderUnavailable, match="makes nothing of a text of 1 characters"):
        found.encode([""])


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(
        EncoderUnavailable, match=r"Install forvent with them: pip install 'forvent\[onnx\]'\."
    ):
        get_encoder("onnx:anywhere")
    with pytest.raises(EncoderUnavailable, match=r"pip install 'forvent\[st\]'\."):
        get_encoder("st:anywhere")


# ------------------------------------------------------------------ sentence-transformers


class PretendTransformer:
    made: ClassVar[list[dict[str, Any]]] = []

    def __init__(self, place: str, **options: Any) -> None:
        if not Path(place).is_dir():
            raise OSError("couldn't connect to the hub")
        self.made.append(options)

    def encode(self, texts: list[str], **options: Any) -> Any:
        assert options == {"batch_size": 1, "convert_to_numpy": True, "show_progress_bar": False}
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


@pytest.fixture
def transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("sentence_transformers")
    library.SentenceTransformer = PretendTransformer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    monkeypatch.setattr(PretendTransformer, "made", [])


@pytest.mark.usefixtures("transformers")
def test_sentence_transformers_are_run_and_never_downloaded(tmp_path: Path) -> None:
    (tmp_path / "mini").mkdir()
    (tmp_path / "mini/model.safetensors").write_bytes(b"weights")
    found = get_encoder(f"st:{tmp_path / 'mini'}")
    assert found.name.startswith("st:mini@")
    assert found.encode(["abc", ""]) == expected([3, 1], [1, 1])
    assert other_encoder(f"st:{tmp_path / 'mini'}").encode([]).shape == (0, 2)  # type: ignore[union-attr]
    assert PretendTransformer.made[0] == {"local_files_only": True, "trust_remote_code": False}
    with pytest.raises(
        EncoderUnavailable, match="Give a folder with the model in it: forvent downloads none"
    ):
        get_encoder("st:not-here")


# ---------------------------------------------------------------------------------- names


def test_a_kind_without_a_place_is_refused() -> None:
    with pytest.raises(BadOption, match="'onnx:' names no encoder"):
        get_encoder("onnx:")
    assert other_encoder("best") is None
    assert other_encoder("best:of") is None


@pytest.mark.parametrize(
    ("name", "leaves"),
    [
        ("exact", None),
        ("onnx:folder", None),
        ("openai:http://localhost:8000/v1#m", None),
        ("openai:https://host/v1#m", "Every text goes to https://host/v1 (model m)."),
        (
            "openai:http://host/v1#m",
            "Every text goes to http://host/v1 (model m), unencrypted: anybody on the way can read it.",
        ),
    ],
)
def test_what_leaves_the_computer_is_said(name: str, leaves: str | None) -> None:
    assert what_leaves(name) == leaves
