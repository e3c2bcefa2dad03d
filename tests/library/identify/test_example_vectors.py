"""Vectors of examples in a file: encoded once, the same answer from the file as fresh."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forvent.errors import CannotWrite, UnreadableFile
from forvent.identify.example_vectors import example_vectors, read_vectors, save_arrays, save_vectors

TEXTS = [f"sentence number {n} of many words" for n in range(150)]


def test_only_unknown_texts_are_encoded(words, tmp_path: Path) -> None:
    first = example_vectors(TEXTS[:100], words)
    assert words.asked == 100
    save_vectors(first, tmp_path / "v.npz")
    both = example_vectors(TEXTS, words, known=read_vectors(tmp_path / "v.npz"))
    assert words.asked == 150
    assert len(both.hashes) == 150


def test_the_same_text_has_the_same_vector_fresh_or_from_a_file(words, tmp_path: Path) -> None:
    save_vectors(example_vectors(TEXTS[50:], words), tmp_path / "v.npz")
    partly = example_vectors(TEXTS, words, known=read_vectors(tmp_path / "v.npz"))
    fresh = example_vectors(reversed(TEXTS), words)
    assert partly.hashes == fresh.hashes
    assert np.array_equal(partly.of(TEXTS), fresh.of(TEXTS))


def test_eight_bits_lose_next_to_nothing(words) -> None:
    exact, kept = words.encode(TEXTS), example_vectors(TEXTS, words).of(TEXTS)
    assert np.abs(exact - kept).max() < 1 / 254
    assert np.sum(exact * kept, axis=1).min() > 0.995


def test_texts_that_differ_only_in_unicode_form_or_space_are_one(words) -> None:
    assert len(example_vectors(["café  au lait", "cafe\u0301 au\u00a0lait "], words).hashes) == 1


def test_vectors_of_another_encoder_or_version_are_left_aside(words) -> None:
    known = example_vectors(TEXTS[:3], words)
    words.version = "2"
    again = example_vectors(TEXTS[:3], words, known=known)
    assert words.asked == 6
    assert again.encoder == "words 2 48"


def test_no_texts_have_no_vectors(words, tmp_path: Path) -> None:
    save_vectors(example_vectors([], words), tmp_path / "v.npz")
    assert read_vectors(tmp_path / "v.npz").of([]).shape == (0, 48)


def test_the_same_vectors_are_the_same_file(words, tmp_path: Path) -> None:
    save_vectors(example_vectors(TEXTS, words), tmp_path / "1.npz")
    save_vectors(example_vectors(TEXTS[::-1], words), tmp_path / "2.npz")
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()


def test_a_text_that_is_not_there_is_a_key_error(words) -> None:
    with pytest.raises(KeyError):
        example_vectors(TEXTS[:2], words).of(["another"])


def test_files_that_are_no_vectors_are_told(words, tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    with pytest.raises(UnreadableFile, match=r"v\.npz' cannot be read"):
        read_vectors(path)
    for content in (b"", b"text", b"PK\x03\x04 broken"):
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"v\.npz' cannot be read"):
            read_vectors(path)
    save_arrays(path, about={"what": "something else", "encoder": "x"})
    with pytest.raises(UnreadableFile, match=r"v\.npz' is no file of forvent example vectors 1"):
        read_vectors(path)
    save_arrays(path, about={"what": "forvent example vectors 1", "encoder": "x"})
    with pytest.raises(UnreadableFile, match=r"v\.npz' holds no vectors of examples: hashes"):
        read_vectors(path)
    good = example_vectors(TEXTS[:3], words)
    save_vectors(replace(good, scale=good.scale[:2]), path)
    with pytest.raises(UnreadableFile, match=r"v\.npz' has parts of unequal length"):
        read_vectors(path)


def test_objects_in_a_file_are_never_brought_to_life(tmp_path: Path) -> None:
    np.savez(tmp_path / "v.npz", about=np.array({"what": "forvent example vectors 1"}, dtype=object))
    with pytest.raises(UnreadableFile, match="allow_pickle=False"):
        read_vectors(tmp_path / "v.npz")


def test_a_place_that_cannot_be_written_is_told(words, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite, match="Could not write to"):
        save_vectors(example_vectors([], words), tmp_path / "file" / "v.npz")
