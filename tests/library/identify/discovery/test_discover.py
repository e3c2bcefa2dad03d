"""What the catalogue does not cover, as candidates: in any order, in every language, growing, repeated."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from forvent.errors import BadOption
from forvent.identify.discovery import clause_rows, read_known
from forvent.identify.discovery.discover import Discovered
from forvent.records import Estimate, NotEnough, Voice
from forvent.records.discovery import Candidate
from forvent.report.versioned_json import jsonable


def named(found: Discovered, word: str) -> Candidate:
    """The one candidate with that among its name words."""
    (candidate,) = [
        candidate
        for candidate in found.result.candidates
        if any(word in words for words in candidate.words.values())
    ]
    return candidate


def known_from(found: Discovered, folder: Path, **changes: object) -> object:
    document = {"schema": "forvent/discovered/1", **jsonable(found.result), **changes}
    path = folder / "discovered.json"
    path.write_text(json.dumps(document, allow_nan=False), encoding="utf-8")
    return read_known(path)


def test_each_topic_is_one_candidate_whatever_the_language(
    pool: list[Voice], invented: SimpleNamespace
) -> None:
    found = invented.found_in(pool)
    assert [candidate.voices for candidate in found.result.candidates] == [32, 14, 10]
    assert dict(named(found, "snorkel").languages) == {"cs": 12, "en": 20}
    assert {quote.language for quote in named(found, "snorkel").quotes} == {"en", "cs"}
    assert "潜水" not in named(found, "蹦床").words["zh"]


def test_what_lies_near_nothing_stays_other_and_all_parts_add_up(
    pool: list[Voice], invented: SimpleNamespace
) -> None:
    more = [
        Voice(voice_id="l", text="so late again", row=2, language="en"),
        Voice(voice_id="e", text="ok", row=2, language="en"),
    ]
    coverage = invented.found_in([*pool, *more]).result.coverage
    parts = (coverage.covered, coverage.candidates, coverage.other, coverage.general, coverage.content_free)
    assert parts == (1, 56, 15, 0, 1)
    assert coverage.clauses == sum(parts)
    assert isinstance(coverage.catalogue_share, Estimate)
    assert coverage.catalogue_share.n == 72


def test_a_clause_beside_a_covered_one_is_still_heard(invented: SimpleNamespace) -> None:
    voices = [replace(voice, text=f"It came late. {voice.text}") for voice in invented.about("kickboard", 12)]
    found = invented.found_in(voices)
    assert found.result.coverage.covered == 12
    assert named(found, "kickboard").voices == 12


def test_order_and_batches_change_nothing(pool: list[Voice], invented: SimpleNamespace) -> None:
    first = invented.found_in(pool)
    shuffled = [pool[index] for index in np.random.default_rng(3).permutation(len(pool))]
    second = invented.found_in(shuffled, size=7)
    assert json.dumps(jsonable(first.result)) == json.dumps(jsonable(second.result))
    assert list(clause_rows(first)) == list(clause_rows(second))


def test_the_same_text_ten_thousand_times_counts_once(pool: list[Voice], invented: SimpleNamespace) -> None:
    spam = [replace(pool[0], voice_id=f"z{number}") for number in range(10_000)]
    plain, spammed = invented.found_in(pool), invented.found_in([*spam, *pool], size=999)
    assert spammed.result.coverage.repeats == 10_000
    assert spammed.result.coverage.voices == len(pool)
    assert named(spammed, "snorkel").voices == named(plain, "snorkel").voices
    assert named(spammed, "snorkel").repeats == 10_000
    only_spam = invented.found_in(spam)
    assert only_spam.result.candidates == ()


def test_a_voice_that_says_it_twice_is_one_voice(invented: SimpleNamespace) -> None:
    voices = [
        replace(voice, text=f"{voice.text}. Really, snorkel is bad {number} times")
        for number, voice in enumerate(invented.about("snorkel", 9))
    ]
    candidate = named(invented.found_in(voices), "snorkel")
    assert (candidate.voices, candidate.texts) == (9, 18)


def test_few_voices_are_not_enough_and_say_so(invented: SimpleNamespace) -> None:
    found = invented.found_in(invented.about("snorkel", 5))
    assert found.result.candidates == ()
    assert found.result.notes == ("Not enough: no expectation covers 5 different clauses, and it takes 8.",)
    assert isinstance(found.result.stability, NotEnough)
    assert found.result.coverage.other == 5


def test_nothing_at_all_is_not_enough_either(invented: SimpleNamespace) -> None:
    found = invented.found_in([])
    assert found.result.candidates == ()
    assert isinstance(found.result.coverage.catalogue_share, NotEnough)


def test_unrelated_remarks_form_no_candidate(invented: SimpleNamespace) -> None:
    assert invented.found_in(invented.various(60)).result.candidates == ()


def test_known_candidates_keep_id_centre_and_members_and_take_new_texts_in(
    pool: list[Voice], invented: SimpleNamespace, tmp_path: Path
) -> None:
    first = invented.found_in([voice for voice in pool if not voice.voice_id.startswith("trampoline")])
    grown = [*pool, *invented.about("snorkel", 30, first=100), *invented.about("trampoline", 5)]
    second = invented.found_in(grown, known=known_from(first, tmp_path))
    for earlier in first.result.candidates:
        later = next(c for c in second.result.candidates if c.id == earlier.id)
        assert later.centre == earlier.centre
        assert later.known
        assert set(earlier.members) <= set(later.members)
    # The 32 of before, and of 30 new ones those that are near enough: nothing is forced in.
    assert 60 <= named(second, "snorkel").voices <= 62
    assert not named(second, "trampoline").known
    stayed = {key: went for key, went in first.went.items() if went.startswith("cand-")}
    assert {key: second.went[key] for key in stayed} == stayed


def test_a_known_candidate_nobody_speaks_of_any_more_is_kept_with_no_voices(
    pool: list[Voice], invented: SimpleNamespace, tmp_path: Path
) -> None:
    first = invented.found_in(pool)
    second = invented.found_in(invented.about("kickboard", 3, first=50), known=known_from(first, tmp_path))
    counts = {candidate.id: candidate.voices for candidate in second.result.candidates}
    assert counts[named(first, "kickboard").id] == 3
    assert counts[named(first, "snorkel").id] == 0
    assert named(second, "snorkel").members == named(first, "snorkel").members


def test_a_text_stays_in_its_candidate_without_known_as_data_grow(invented: SimpleNamespace) -> None:
    few = [*invented.about("snorkel", 15), *invented.about("kickboard", 15), *invented.various(10)]
    many = [*few, *invented.about("snorkel", 40, first=50), *invented.about("trampoline", 12)]
    small, large = invented.found_in(few), invented.found_in(many)
    together: dict[str, set[str]] = {}
    for key, went in small.went.items():
        if went.startswith("cand-"):
            together.setdefault(went, set()).add(large.went[key])
    assert all(len(went) == 1 for went in together.values())
    assert isinstance(large.result.stability, Estimate)
    assert large.result.stability.value == 1.0


def test_growth_is_the_later_half_against_the_earlier(invented: SimpleNamespace) -> None:
    start = datetime(2026, 1, 1)
    early = [*invented.various(40), *invented.about("kickboard", 20)]
    late = invented.about("snorkel", 40)
    voices = [replace(voice, time=start + timedelta(days=day)) for day, voice in enumerate([*early, *late])]
    found = invented.found_in(voices)
    change = named(found, "snorkel").growth.change
    assert isinstance(change, Estimate)
    assert change.low > 0
    assert change.value == pytest.approx(40 / 50)
    assert isinstance(named(invented.found_in(late), "snorkel").growth.change, NotEnough)


def test_quotes_and_rows_are_masked_where_told(pool: list[Voice], invented: SimpleNamespace) -> None:
    def hide(text: str) -> str:
        return text.replace("Ada", "[name]")

    found = invented.found_in(pool, mask=hide)
    words = [quote.words for candidate in found.result.candidates for quote in candidate.quotes]
    assert not any("Ada" in text for text in words)
    assert not any("Ada" in (row["words"] or "") for row in clause_rows(found, mask=hide))
    assert any("[name]" in (row["words"] or "") for row in clause_rows(found, mask=hide))


def test_polarity_shares_are_of_the_voices_that_speak_of_it(invented: SimpleNamespace) -> None:
    voices = invented.about("snorkel", 12)
    voices[:3] = [replace(voice, text=f"fine {voice.text}") for voice in voices[:3]]
    candidate = named(invented.found_in(voices), "snorkel")
    assert isinstance(candidate.positive, Estimate)
    assert (candidate.positive.value, candidate.positive.n) == (0.25, 12)


def test_a_group_of_two_is_refused(invented: SimpleNamespace) -> None:
    with pytest.raises(BadOption) as refused:
        invented.found_in([], least=2)
    assert str(refused.value) == ("A candidate of 2 voices would be no group. Ask for 3 or more; 8 is usual.")


def test_what_another_encoder_knew_is_refused(
    pool: list[Voice], invented: SimpleNamespace, tmp_path: Path
) -> None:
    known = known_from(invented.found_in(pool), tmp_path, encoder="exact")
    with pytest.raises(BadOption) as refused:
        invented.found_in(pool, known=known)
    assert str(refused.value) == (
        f"'{tmp_path / 'discovered.json'}' was made with the encoder 'exact' (256 numbers a text), "
        "and this run uses 'topics' (256). Use the same --encoder, or leave --known out."
    )
