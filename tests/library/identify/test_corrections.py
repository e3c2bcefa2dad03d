"""Corrections by people: kept for ever, laid over any later run, and turned into examples."""

from __future__ import annotations

import json
import os
import stat
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.errors import BadOption, CannotWrite, UnreadableFile
from forvent.identify.corrections import (
    Taught,
    append_correction,
    apply_corrections,
    as_examples,
    read_corrections,
    text_hash,
)
from forvent.records import Expectation, Level, Mention, Voice
from forvent.records.corrections import Correction

TEXT = "The soup was cold, the waiter was lovely, and we had to wait an hour."
VOICE = Voice(voice_id="7", text=TEXT, row=2)
AT = datetime(2026, 5, 4, 10)


def said(
    action: str,
    expectation: str,
    quote: str = "",
    *,
    polarity: str | None = None,
    instead: str | None = None,
    text: str = TEXT,
    at: datetime = AT,
) -> Correction:
    return Correction(
        text_hash(text),
        "7",
        quote or text,
        expectation,
        action,
        polarity,
        "Eva",
        at,
        instead=instead,
        language="en",
    )


def found(expectation: str, quote: str, *, polarity: str = "unmet", text: str = TEXT) -> Mention:
    start = text.index(quote)
    return Mention(
        voice_id="7",
        expectation=expectation,
        polarity=polarity,
        stated=False,
        quote=quote,
        start=start,
        end=start + len(quote),
        confidence=0.7,
        language="en",
        touchpoint="table 4",
        stage="use",
        level=Level(1.0, "hour", 3600.0),
    )


def laid(
    mentions: list[Mention], *corrections: Correction, voice: Voice = VOICE
) -> list[tuple[str, str, str]]:
    after = apply_corrections(voice, mentions, corrections=corrections, language="en")
    assert all(voice.text[m.start : m.end] == m.quote for m in after)
    return [(m.expectation, m.polarity, m.quote) for m in after]


COLD, LOVELY, WAIT = "The soup was cold", "the waiter was lovely", "we had to wait an hour"


# ------------------------------------------------------------------------------ laid over


def test_without_a_correction_of_the_text_all_stays_as_found() -> None:
    mentions = (found("fast_delivery", WAIT), found("product_quality", COLD))
    other = said("wrong", "fast_delivery", "x", text="x")
    assert apply_corrections(VOICE, mentions, corrections=[other], language="en") == mentions


def test_what_is_denied_is_gone_wherever_a_later_run_finds_it() -> None:
    wrong = said("wrong", "fast_delivery", WAIT)
    assert laid([found("fast_delivery", WAIT)], wrong) == []
    assert laid([found("fast_delivery", COLD)], wrong) == []


def test_what_was_missed_is_added_and_not_twice() -> None:
    missed = said("missed", "friendly_staff", LOVELY, polarity="met")
    assert laid([], missed) == [("friendly_staff", "met", LOVELY)]
    again = laid([found("friendly_staff", "waiter was lovely, and", polarity="unmet")], missed)
    assert again == [("friendly_staff", "met", LOVELY)]


def test_an_added_mention_has_confidence_1_and_the_stage_of_the_expectation() -> None:
    missed = said("missed", "friendly_staff", LOVELY, polarity="met")
    [added] = apply_corrections(VOICE, (), corrections=[missed], language="en")
    assert (added.confidence, added.stage, added.touchpoint, added.stated) == (
        1.0,
        "get_help",
        "get_help",
        False,
    )
    [placed] = apply_corrections(replace(VOICE, touchpoint="bar"), (), corrections=[missed], language="en")
    assert placed.touchpoint == "bar"


def test_another_expectation_takes_the_place_of_the_one_found() -> None:
    other = said("instead", "fast_response", WAIT, polarity="unmet", instead="fast_delivery")
    assert laid([found("fast_response", WAIT)], other) == [("fast_delivery", "unmet", WAIT)]
    assert laid([], other) == [("fast_delivery", "unmet", WAIT)]


def test_another_polarity_keeps_what_else_was_found() -> None:
    polarity = said("polarity", "fast_delivery", WAIT, polarity="met")
    [after] = apply_corrections(VOICE, [found("fast_delivery", WAIT)], corrections=[polarity], language="en")
    assert after == replace(found("fast_delivery", WAIT), polarity="met", confidence=1.0)


def test_what_was_called_right_stays_when_a_later_run_misses_it() -> None:
    right = said("right", "product_quality", COLD, polarity="unmet")
    assert laid([], right) == [("product_quality", "unmet", COLD)]


def test_a_later_line_overrules_an_earlier_one_on_the_same_words() -> None:
    first = said("wrong", "product_quality", COLD)
    second = said("missed", "product_quality", "soup was cold", polarity="unmet")
    assert laid([], first, second) == [("product_quality", "unmet", "soup was cold")]
    assert laid([found("product_quality", COLD)], second, first) == []


def test_denied_in_one_place_and_confirmed_in_another_both_hold() -> None:
    lines = (
        said("wrong", "fast_delivery", COLD),
        said("right", "fast_delivery", WAIT, polarity="unmet"),
    )
    for order in (lines, lines[::-1]):
        after = laid([found("fast_delivery", COLD), found("fast_delivery", WAIT)], *order)
        assert after == [("fast_delivery", "unmet", WAIT)]


def test_the_same_words_under_another_id_or_in_another_form_of_unicode_are_known_again() -> None:
    text = "Café fermé, personne ne répond"
    missed = said("missed", "easy_contact", "personne ne répond", polarity="unmet", text=text)
    split = Voice(voice_id="900", text=unicodedata.normalize("NFD", text), row=5)
    [after] = apply_corrections(split, (), corrections=[missed], language="fr")
    assert after.voice_id == "900"
    assert unicodedata.normalize("NFC", after.quote) == "personne ne répond"
    assert split.text[after.start : after.end] == after.quote


def test_expectations_of_packs_are_laid_over_where_the_pack_is_used() -> None:
    missed = said("missed", "hot_soup", COLD, polarity="unmet")
    own = {"hot_soup": Expectation("hot_soup", "hot", "use", "implicit", "basic", "product_quality", "own")}
    [after] = apply_corrections(VOICE, (), corrections=[missed], language="en", expectations=own)
    assert (after.expectation, after.stage) == ("hot_soup", "use")
    assert apply_corrections(VOICE, (), corrections=[missed], language="en") == ()


_lines = st.lists(
    st.builds(
        lambda action, expectation, quote, polarity: said(
            action,
            expectation,
            quote,
            polarity=None if action == "wrong" else polarity,
            instead="choice" if action == "instead" else None,
        ),
        st.sampled_from(["right", "wrong", "instead", "polarity", "missed"]),
        st.sampled_from(["fast_delivery", "product_quality", "comfort"]),
        st.sampled_from([COLD, LOVELY, WAIT, "soup", TEXT]),
        st.sampled_from(["met", "unmet", "wished", "mixed"]),
    ),
    max_size=6,
)
_found = st.lists(
    st.builds(
        found,
        st.sampled_from(["fast_delivery", "product_quality", "comfort"]),
        st.sampled_from([COLD, LOVELY, WAIT]),
    ),
    max_size=4,
    unique=True,
)


@settings(max_examples=150, deadline=None)
@given(lines=_lines, mentions=_found)
def test_laying_over_twice_is_laying_over_once_and_the_last_word_always_holds(
    lines: list[Correction], mentions: list[Mention]
) -> None:
    once = apply_corrections(VOICE, mentions, corrections=lines, language="en")
    assert apply_corrections(VOICE, once, corrections=lines, language="en") == once
    if lines and lines[-1].action == "wrong":
        quotes = [m.quote for m in once if m.expectation == lines[-1].expectation]
        assert not any(quote in lines[-1].quote for quote in quotes)
    elif lines:
        last = (lines[-1].instead or lines[-1].expectation, lines[-1].polarity, lines[-1].quote)
        assert last in [(m.expectation, m.polarity, m.quote) for m in once]


# -------------------------------------------------------------------------------- the file


def test_a_file_gives_back_what_was_appended_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "corrections.jsonl"
    lines = [said("wrong", "choice", COLD), said("missed", "comfort", LOVELY, polarity="met")]
    for line in lines:
        append_correction(path, line, text=TEXT)
    assert read_corrections(path) == tuple(lines)
    assert list(json.loads(path.read_text(encoding="utf-8").splitlines()[0])) == [
        "text_hash", "voice_id", "quote", "expectation", "action",
        "polarity", "instead", "language", "by", "at",
    ]  # fmt: skip
    assert TEXT not in path.read_text(encoding="utf-8")


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    append_correction(tmp_path / "c.jsonl", said("wrong", "choice", COLD), text=TEXT)
    assert stat.S_IMODE((tmp_path / "c.jsonl").stat().st_mode) & 0o077 == 0


def test_a_file_that_is_not_there_has_no_corrections(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "none.jsonl") == ()


def test_a_line_that_somebody_left_without_an_end_stays_a_line(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    append_correction(path, said("wrong", "choice", COLD), text=TEXT)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    append_correction(path, said("wrong", "comfort", COLD), text=TEXT)
    assert [line.expectation for line in read_corrections(path)] == ["choice", "comfort"]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.jsonl"
    append_correction(path, said("wrong", "choice", COLD), text=TEXT)
    before, real = path.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda file, line: real(file, line[:10]))
    with pytest.raises(CannotWrite, match=r"No room for the correction in '.*'\. Free some space\."):
        append_correction(path, said("wrong", "comfort", COLD), text=TEXT)
    assert path.read_bytes() == before


def test_an_empty_quote_stands_for_the_whole_text(tmp_path: Path) -> None:
    whole = replace(said("wrong", "choice"), quote="")
    assert append_correction(tmp_path / "c.jsonl", whole, text=TEXT).quote == TEXT


@pytest.mark.parametrize(
    ("correction", "told"),
    [
        (said("maybe", "choice", COLD), "There is no action 'maybe'."),
        (said("right", "choice", COLD), "The action 'right' needs a polarity."),
        (said("wrong", "choice", COLD, polarity="met"), "The action 'wrong' takes no polarity."),
        (said("missed", "choice", COLD, polarity="good"), "There is no polarity 'good'."),
        (said("instead", "choice", COLD, polarity="met"), "The action 'instead' needs another expectation."),
        (said("right", "choice", COLD, polarity="met", instead="comfort"), "takes no other expectation."),
        (said("wrong", "choice", "the soup was hot"), "The quote is not in the text."),
        (said("wrong", "choice", COLD, text="something else"), "The correction is of another text."),
    ],
)
def test_what_makes_no_sense_is_not_written(tmp_path: Path, correction: Correction, told: str) -> None:
    with pytest.raises(BadOption, match=told.replace(".", r"\.")):
        append_correction(tmp_path / "c.jsonl", correction, text=TEXT)
    assert not (tmp_path / "c.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"at": "yesterday"}, "line 2, at: 'yesterday' is no time."),
        ({"action": "maybe"}, "line 2: There is no action 'maybe'."),
        ({"quote": None}, "line 2, quote: must be a text, and is NoneType."),
        ({"voice_id": 7}, "line 2, voice_id: must be a text, and is int."),
    ],
)
def test_a_fault_in_the_file_is_told_by_its_line_without_the_words(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    path = tmp_path / "c.jsonl"
    append_correction(path, said("wrong", "choice", COLD), text=TEXT)
    line = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(line) + "\n" + json.dumps(line | change) + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read_corrections(path)
    assert told in str(caught.value)
    assert "soup" not in str(caught.value)


@pytest.mark.parametrize("line", ["{broken", "[]", "7", "null"])
def test_a_line_that_is_no_object_is_told(tmp_path: Path, line: str) -> None:
    (tmp_path / "c.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="line 1 is no JSON object"):
        read_corrections(tmp_path / "c.jsonl")


def test_times_of_any_zone_become_utc(tmp_path: Path) -> None:
    zoned = said("wrong", "choice", COLD, at=datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2))))
    append_correction(tmp_path / "c.jsonl", zoned, text=TEXT)
    assert read_corrections(tmp_path / "c.jsonl")[0].at == datetime(2026, 5, 4, 10, tzinfo=UTC).replace(
        tzinfo=None
    )


def test_a_lone_surrogate_in_a_quote_can_be_kept_and_found_again(tmp_path: Path) -> None:
    text = "cold \ud83d soup"
    append_correction(tmp_path / "c.jsonl", said("wrong", "choice", "soup", text=text), text=text)
    voice = Voice(voice_id="1", text=text, row=2)
    corrections = read_corrections(tmp_path / "c.jsonl")
    mention = found("choice", "soup", text=text)
    assert apply_corrections(voice, [mention], corrections=corrections, language="en") == ()


# ------------------------------------------------------------------------------- examples


def test_corrections_become_examples_for_and_against() -> None:
    lines = [
        said("instead", "fast_response", WAIT, polarity="unmet", instead="fast_delivery"),
        said("wrong", "choice", COLD),
    ]
    assert as_examples(lines) == (
        Taught("choice", COLD, speaks=False, polarity=None, language="en"),
        Taught("fast_delivery", WAIT, speaks=True, polarity="unmet", language="en"),
        Taught("fast_response", WAIT, speaks=False, polarity=None, language="en"),
    )


def test_only_the_last_word_on_the_same_words_teaches() -> None:
    lines = [said("wrong", "choice", COLD), said("right", "choice", COLD, polarity="met")]
    assert [one.speaks for one in as_examples(lines)] == [True]
    other = said("wrong", "choice", COLD, text=COLD + "!", at=AT + timedelta(days=1))
    assert [one.speaks for one in as_examples([other, *lines])] == [False]
    assert as_examples([other, *lines]) == as_examples([*lines, other])
