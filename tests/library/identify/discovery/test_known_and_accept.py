"""Earlier results read back, and a candidate made an expectation of one's own pack."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from forvent.errors import BadOption, UnreadableFile
from forvent.identify import Example
from forvent.identify.discovery import (
    Known,
    candidate_examples,
    clause_rows,
    clauses_schema,
    pick_candidate,
    read_known,
)
from forvent.identify.example_vectors import example_vectors
from forvent.identify.learned import learn
from forvent.identify.packs import add_expectation, catalogue_with, load_pack
from forvent.records import Expectation, Voice
from forvent.report.versioned_json import jsonable
from forvent.rows import RowWriter

Pool = list[Voice]


@pytest.fixture
def written(pool: Pool, invented: SimpleNamespace, tmp_path: Path) -> Known:
    """A run whose files lie in ``tmp_path``."""
    found = invented.found_in(pool)
    document = {"schema": "forvent/discovered/1", **jsonable(found.result)}
    (tmp_path / "discovered.json").write_text(json.dumps(document), encoding="utf-8")
    with RowWriter(tmp_path / "clauses.parquet", clauses_schema()) as rows:
        rows.write(clause_rows(found))
    return read_known(tmp_path / "discovered.json")


def test_what_is_read_back_is_what_was_found(written: Known, pool: Pool, invented: SimpleNamespace) -> None:
    assert written.candidates == invented.found_in(pool).result.candidates


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "could not be read: it is no JSON."),
        ("[]", "has the schema 'None', not 'forvent/discovered/1'."),
        (
            '{"schema": "forvent/findings/1"}',
            "has the schema 'forvent/findings/1', not 'forvent/discovered/1'.",
        ),
        ('{"schema": "forvent/discovered/1"}', "is damaged: KeyError at 'space'."),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFile) as refused:
        read_known(path)
    assert refused.value.message == f"'{path}' {message}"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_known(tmp_path / "none.json")


def test_centres_of_another_length_are_refused(written: Known, tmp_path: Path) -> None:
    path = tmp_path / "discovered.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["candidates"][0]["centre"].pop()
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="is damaged: ValueError at centres of"):
        read_known(path)


def test_the_beginning_of_an_id_is_enough_where_it_is_one(written: Known) -> None:
    identifier = written.ids[0]
    assert pick_candidate(written, identifier[:9]).id == identifier
    with pytest.raises(BadOption) as refused:
        pick_candidate(written, "cand-")
    assert refused.value.message == f"'cand-' names several candidates of '{written.path}'."
    with pytest.raises(BadOption) as unknown:
        pick_candidate(written, "parking")
    assert unknown.value.hint == f"It has: {', '.join(written.ids)}."


def test_examples_are_the_quotes_then_the_other_clauses_each_once(written: Known, tmp_path: Path) -> None:
    candidate = written.candidates[0]
    examples = candidate_examples(candidate, folder=tmp_path, identifier="snorkels")
    texts = [example.text for example in examples]
    assert texts[:6] == [quote.words for quote in candidate.quotes]
    assert len(texts) == len(set(texts)) == 32
    assert {example.polarity for example in examples} == {"unmet"}
    assert {example.language for example in examples} == {"en", "cs"}
    fewer = candidate_examples(candidate, folder=tmp_path, identifier="snorkels", without=(1, 3))
    assert [example.text for example in fewer] == [texts[1], *texts[3:]]


def test_without_the_clauses_the_quotes_are_the_examples(written: Known, tmp_path: Path) -> None:
    examples = candidate_examples(written.candidates[0], folder=tmp_path / "elsewhere", identifier="snorkels")
    assert len(examples) == 6


def test_a_number_that_is_no_example_is_refused(written: Known, tmp_path: Path) -> None:
    with pytest.raises(BadOption) as refused:
        candidate_examples(written.candidates[0], folder=tmp_path, identifier="snorkels", without=(33,))
    assert str(refused.value) == "'--without 33' is none of the 32 examples. See them with --list."


def test_what_was_accepted_is_found_in_the_next_run(
    written: Known, pool: Pool, invented: SimpleNamespace, tmp_path: Path
) -> None:
    examples = candidate_examples(written.candidates[0], folder=tmp_path, identifier="snorkels")
    like = Expectation("snorkels", "that snorkels are there", "use", "implicit", "basic", None)
    add_expectation(tmp_path / "my_pool", like, names={"en": "Snorkels"}, examples=examples[:10])
    encoder = invented.encoder()
    pack = load_pack(tmp_path / "my_pool")
    unseen = [voice.text for voice in invented.about("snorkel", 5, first=500)]
    others = [voice.text for voice in (*invented.about("kickboard", 5), *invented.various(20))]
    contrast = [Example("choice", "unmet", voice.text, "en") for voice in invented.various(60)[20:]]
    vectors = example_vectors([one.text for one in (*pack.examples, *contrast)], encoder)
    head = learn(pack.examples, contrast=contrast, vectors=vectors, expectations=catalogue_with([pack]))
    assert (head.probabilities(encoder.encode(unseen)) >= head.threshold).all()
    assert not (head.probabilities(encoder.encode(others)) >= head.threshold).any()
