"""Heads for an encoder of one's own: learned from examples, kept in a file, checked when read."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forvent.commands import encoders as cli_encoders
from forvent.errors import BadOption, EncoderUnavailable, UnreadableFile
from forvent.identify import Identifier, catalogue, fit
from forvent.identify.catalogue import Example, catalogue_examples
from forvent.identify.fit import FittedHeads, fit_heads
from forvent.identify.heads_files import heads_for, save_heads
from forvent.identify.prepared import get_judge, prepared
from forvent.language import encoder as encoders
from forvent.records import Estimate, Voice


def taught() -> list[Example]:
    """Sentences that a bag of words can tell apart: a word of each expectation, and one of how it is met."""
    said = {"met": ("good", "fine", "great"), "unmet": ("bad", "awful", "poor"), "wished": ("please", "if")}
    return [
        Example(identifier, polarity, f"{identifier} {identifier} {word} {word}", "en")
        for identifier in catalogue()
        for polarity, words in said.items()
        for word in words
    ]


@pytest.fixture(scope="module")
def kept() -> dict[str, FittedHeads]:
    return {}


@pytest.fixture
def fitted(words: Any, kept: dict[str, FittedHeads]) -> FittedHeads:
    if not kept:
        kept["heads"] = fit_heads(words, taught=taught())
    return kept["heads"]


def test_held_out_quality_is_told_with_counts(fitted: FittedHeads) -> None:
    quality = fitted.quality
    assert quality.examples == 256
    assert isinstance(quality.likeliest, Estimate)
    assert quality.likeliest.n == 256
    assert quality.likeliest.value > 0.9
    assert isinstance(quality.side, Estimate)
    assert quality.side.n == 192
    assert quality.side.value > 0.9


def test_the_same_again_whatever_the_order(fitted: FittedHeads, words: Any) -> None:
    again = fit_heads(words, taught=taught()[::-1])
    assert np.array_equal(again.weights, fitted.weights)
    assert again.quality == fitted.quality


def test_what_the_examples_cannot_teach_is_never_told(
    fitted: FittedHeads, words: Any, tmp_path: Path
) -> None:
    save_heads(fitted, tmp_path / "heads.npz", encoder=words)
    judged = heads_for(words, tmp_path / "heads.npz").judge(words.encode(["late again!", "is it open?", ""]))
    assert (judged.irony == 0).all()
    assert (judged.neutral == 0).all()
    assert (judged.act[:, 3:] == 0).all()
    assert judged.mention.shape == judged.met.shape == (3, len(catalogue()))


def test_heads_written_and_read_judge_in_any_batch_alike(
    fitted: FittedHeads, words: Any, tmp_path: Path
) -> None:
    save_heads(fitted, tmp_path / "one.npz", encoder=words)
    save_heads(fitted, tmp_path / "two.npz", encoder=words)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    heads = heads_for(words, tmp_path / "one.npz")
    texts = [example.text for example in taught()[:40]]
    together = heads.judge(words.encode(texts)).mention
    assert np.array_equal(together, np.concatenate([heads.judge(words.encode([t])).mention for t in texts]))
    voice = Voice(voice_id="1", text=taught()[0].text, row=1, language="en")
    found = Identifier(prepared(words, heads)).identify([voice])[0]
    assert found.polarity in {"positive", "negative", "mixed", "neutral"}


def test_an_encoder_larger_than_what_is_learned_from_is_fitted_too(
    words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "DIRECTIONS", 30)
    found = fit_heads(words, taught=taught()[::2])
    assert found.weights.shape[0] == words.size
    assert np.linalg.matrix_rank(found.weights[:, :32] * found.spread[:, None]) <= 30


def test_an_encoder_that_gives_all_texts_one_vector_is_refused() -> None:
    class Same:
        name, size = "same", 4

        def encode(self, texts: Sequence[str]) -> Any:
            return np.full((len(texts), 4), 0.5, dtype=np.float32)

    with pytest.raises(EncoderUnavailable, match="The encoder 'same' gives every text"):
        fit_heads(Same(), taught=taught())


# ---------------------------------------------------------------------------------- files


def test_heads_of_another_encoder_are_refused(fitted: FittedHeads, words: Any, tmp_path: Path) -> None:
    path = tmp_path / "heads.npz"
    save_heads(fitted, path, encoder=words)
    words.name = "letters"
    with pytest.raises(EncoderUnavailable, match="were fitted for 'words', not for 'letters'"):
        heads_for(words, path)


def test_another_model_under_the_same_name_is_noticed(
    fitted: FittedHeads, words: Any, tmp_path: Path
) -> None:
    path = tmp_path / "heads.npz"
    save_heads(fitted, path, encoder=words)
    plain = words.encode
    words.encode = lambda texts: plain([text[::-1] for text in texts])
    with pytest.raises(EncoderUnavailable, match="is another model than the one the heads"):
        heads_for(words, path)


def test_files_that_are_no_heads_are_refused(fitted: FittedHeads, words: Any, tmp_path: Path) -> None:
    path = tmp_path / "heads.npz"
    with pytest.raises(UnreadableFile, match="cannot be read: No such file"):
        heads_for(words, path)
    path.write_bytes(b"text")
    with pytest.raises(UnreadableFile, match="holds no heads of forvent"):
        heads_for(words, path)
    save_heads(fitted, path, encoder=words)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UnreadableFile):
        heads_for(words, path)
    save_heads(fitted, path, encoder=words)
    with np.load(path) as arrays:
        parts = dict(arrays)
    np.savez(path, **{**parts, "bias": parts["bias"] * np.nan})
    with pytest.raises(UnreadableFile, match="is damaged: bias"):
        heads_for(words, path)
    about = json.loads(str(parts["about"]))
    about["expectations"][0] = "hot_soup"
    np.savez(path, **{**parts, "about": np.array(json.dumps(about))})
    with pytest.raises(UnreadableFile, match="another catalogue of expectations"):
        heads_for(words, path)


# -------------------------------------------------------------------------------- command


def forvent(*arguments: object) -> None:
    parser = argparse.ArgumentParser()
    add = parser.add_subparsers(required=True)
    cli_encoders.add_encoders_commands(add, now=lambda: datetime(2026, 5, 4))
    options = parser.parse_args([str(argument) for argument in arguments])
    options.run(options)


def test_the_command_fits_and_the_judge_takes_the_file(
    words: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(encoders._ENCODERS, "words", lambda: words)
    monkeypatch.setattr(fit, "catalogue_examples", lambda: catalogue_examples()[::16])
    path, vectors = tmp_path / "heads.npz", tmp_path / "vectors.npz"
    forvent("encoder", "fit", "--encoder", "words", "--out", path, "--vectors", vectors)
    told = capsys.readouterr().out
    assert "words: heads fitted on 276 examples. On those held out:" in told
    assert "of 276)" in told
    asked = words.asked
    forvent("encoder", "fit", "--encoder", "words", "--out", tmp_path / "more.npz", "--vectors", vectors)
    # Only the three sentences that are kept beside the heads.
    assert words.asked == asked + 3
    assert path.read_bytes() == (tmp_path / "more.npz").read_bytes()
    assert get_judge("words", heads=path).judge(["late"]).mention.shape == (1, 32)
    with pytest.raises(BadOption, match="--heads are those of one encoder, and 'auto' is two"):
        get_judge("auto", heads=path)
    with pytest.raises(BadOption, match="is a folder"):
        forvent("encoder", "fit", "--encoder", "words", "--out", tmp_path)
