"""The invented market holds what it says."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from forvent.errors import BadOption, CannotWrite
from forvent.simulate.market import sample_market, write_market
from forvent.simulate.phrases import phrases


def test_the_same_seed_gives_the_same_market_and_another_another() -> None:
    assert sample_market(voices=30) == sample_market(voices=30)
    assert sample_market(voices=30) != sample_market(voices=30, seed=8)


def test_voices_hold_the_shares_of_the_truth() -> None:
    market = sample_market(voices=3000)
    for company, held in market.truth.items():
        labels = Counter(
            label for voice in market.voices if voice.company == company for label in voice.labels
        )
        for name, (mentioned, met) in held.items():
            said = labels[name, "met"] + labels[name, "unmet"]
            # At most three come up in a voice, so a few are left unsaid.
            assert 0.85 * mentioned < said / 3000 < 1.1 * mentioned
            assert labels[name, "met"] / said == pytest.approx(met, abs=0.08)


def test_customers_speak_twice_and_then_often_alike() -> None:
    market = sample_market(voices=500)
    spoken = Counter(voice.customer for voice in market.voices)
    assert set(spoken.values()) == {1, 2}
    companies = {voice.customer: voice.company for voice in market.voices}
    assert all(companies[voice.customer] == voice.company for voice in market.voices)


def test_every_label_stands_in_its_text_and_ids_are_unique() -> None:
    market = sample_market(voices=100)
    assert len({voice.id for voice in market.voices}) == 300
    for voice in market.voices:
        for label in voice.labels:
            assert any(text in voice.comment for text in phrases(voice.language)[label])


def test_the_file_has_a_row_a_voice_with_a_blank_for_ones_own(tmp_path: Path) -> None:
    market = sample_market(voices=20)
    with write_market(market, tmp_path / "market.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["comment"] for row in rows] == [voice.comment for voice in market.voices]
    assert {row["company"] for row in rows} == {"", "Nordkiste", "Lind & Sohn"}


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOption) as error:
        sample_market(voices=0)
    assert str(error.value) == (
        "A market of 0 voices with the seed 7 cannot be invented. "
        "Give at least one voice and a seed of 0 or more."
    )
    with pytest.raises(CannotWrite) as refused:
        write_market(sample_market(voices=1), tmp_path / "none" / "market.csv")
    assert refused.value.hint == "Choose a place that you may write to."
