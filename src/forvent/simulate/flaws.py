"""Rows of the sample files that are repeated or spoilt on purpose, for the reading to tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from forvent.simulate.rows import Row, SampleEpisode, SampleVoice, cell_of, order_number

# How many rows are spoilt, and how; in a very small shop fewer.
VOICE_FLAWS: Mapping[str, int] = {
    "voices_with_stars_outside_the_scale": 4,
    "voices_with_an_impossible_date": 3,
    "voices_repeated": 5,
    "voices_without_text_and_stars": 3,
}
EPISODE_FLAWS: Mapping[str, int] = {
    "episodes_delivered_before_ordered": 4,
    "episodes_with_an_impossible_date": 2,
    "episodes_repeated": 3,
}
Flawed = list[tuple[str, int]]
"""Kind of flaw and place of the row that gets it."""


def spoil_voices(
    rng: np.random.Generator, voices: Sequence[SampleVoice]
) -> tuple[tuple[SampleVoice, ...], tuple[Row, ...], dict[str, int]]:
    """The voices as they can be used, the rows of their file, and how many were spoilt how."""
    # Only where words and stars stand, the voice remains usable when one cell is spoilt.
    whole = [place for place, voice in enumerate(voices) if voice.comment and voice.stars is not None]
    flawed = _choose(rng, whole, flaws=VOICE_FLAWS)
    usable = list(voices)
    rows = [[list(voice.cells)] for voice in voices]
    for number, (flaw, place) in enumerate(flawed):
        cells = rows[place][0]
        match flaw:
            case "voices_with_stars_outside_the_scale":
                usable[place] = replace(voices[place], stars=None)
                cells[6] = "9"
            case "voices_with_an_impossible_date":
                usable[place] = replace(voices[place], said_at=None)
                cells[1] = _impossible(cells[1])
            case "voices_repeated":
                rows[place].append(cells)
            case _:
                rows[place].append([f"R-{len(voices) + number + 1:05d}", *cells[1:6], "", ""])
    return tuple(usable), _flat(rows), _counts(flawed, flaws=VOICE_FLAWS)


def spoil_episodes(
    rng: np.random.Generator, episodes: Sequence[SampleEpisode]
) -> tuple[tuple[Row, ...], dict[str, int]]:
    """The rows of the file of episodes, and how many were spoilt how."""
    flawed = _choose(rng, list(range(len(episodes))), flaws=EPISODE_FLAWS)
    rows = [[list(episode.cells)] for episode in episodes]
    for number, (flaw, place) in enumerate(flawed):
        copy = list(rows[place][0])
        if flaw != "episodes_repeated":
            copy[0] = order_number(len(episodes) + number)
        if flaw == "episodes_delivered_before_ordered":
            copy[4:6] = [cell_of(episodes[place].ordered - timedelta(days=2)), "delivered"]
        elif flaw == "episodes_with_an_impossible_date":
            copy[2] = _impossible(copy[2])
        rows[place].append(copy)
    return _flat(rows), _counts(flawed, flaws=EPISODE_FLAWS)


def _choose(rng: np.random.Generator, places: Sequence[int], *, flaws: Mapping[str, int]) -> Flawed:
    """A place of its own for each flaw, as far as there are places."""
    names = [name for name, count in flaws.items() for _ in range(count)]
    return list(zip(names, rng.permutation(np.array(places, dtype=np.int64)).tolist(), strict=False))


def _counts(flawed: Flawed, *, flaws: Mapping[str, int]) -> dict[str, int]:
    return {name: sum(flaw == name for flaw, _ in flawed) for name in flaws}


def _flat(rows: Sequence[Sequence[Sequence[str]]]) -> tuple[Row, ...]:
    return tuple(tuple(row) for group in rows for row in group)


def _impossible(written: str) -> str:
    """The same date in a thirteenth month."""
    return f"{written[:4]}-13{written[7:]}"
