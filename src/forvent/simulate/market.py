"""An invented market: voices about the sample shop and two others, whose differences are known."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np

from forvent.errors import BadOption, CannotWrite
from forvent.simulate import shop
from forvent.simulate.phrases import Figures, nothing_said, written
from forvent.simulate.rows import cell_of, customer_number, moment

MARKET_COLUMNS = ("id", "date", "customer", "company", "channel", "comment")
START, DAYS = date(2026, 1, 1), 180
#: Expectations that come up in a voice about any of the shops, and how often they are met in one's own.
_OWN: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "on_time": (0.20, 0.60),
        "product_quality": (0.22, 0.75),
        "friendly_staff": (0.20, 0.85),
        "fair_price": (0.20, 0.50),
        "problem_solved": (0.18, 0.55),
        "easy_returns": (0.16, 0.60),
        "clear_information": (0.16, 0.65),
        "easy_digital": (0.16, 0.70),
    }
)
#: Where the others are truly otherwise: how often it comes up, how often it is met.
_OTHERS: Mapping[str, Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "Nordkiste": {
            "on_time": (0.20, 0.90),
            "friendly_staff": (0.20, 0.50),
            "fair_price": (0.38, 0.50),
        },
        "Lind & Sohn": {"problem_solved": (0.18, 0.88), "product_quality": (0.22, 0.45)},
    }
)
#: A customer who speaks again says so often what they said before.
SAME_AGAIN = 0.6
SPEAKS_TWICE = 0.25
CONTENT_FREE = 0.05
#: Most that one voice speaks of, so that it reads as one.
MOST = 3


@dataclass(frozen=True, slots=True)
class MarketVoice:
    """One voice with what is truly in it; ``company`` is empty for one's own."""

    id: str
    company: str
    customer: str
    language: str
    comment: str
    labels: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleMarket:
    """An invented market; ``truth`` holds by company and expectation how often it comes up and is met,
    0–1."""

    own: str
    voices: tuple[MarketVoice, ...]
    truth: Mapping[str, Mapping[str, tuple[float, float]]]


def sample_market(*, voices: int = 500, seed: int = 7) -> SampleMarket:
    """Voices about the sample shop and two others, with what is truly different between them.

    A quarter of the customers speak twice, and then often say the same. Of at most three expectations a voice
    speaks. The same arguments give the same market, with one version of NumPy. Nothing of it is ever
    trained on.

    Parameters
    ----------
    voices
        How many speak of each company, at least 1.
    seed
        Seed of all that is drawn, 0 or more.

    Returns
    -------
    SampleMarket
        Voices with their true labels, in the order of the file.

    Raises
    ------
    BadOption
        If there are no voices or the seed is negative.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#sample.

    Examples
    --------
    >>> market = sample_market(voices=40)
    >>> len(market.voices), sorted(market.truth)
    (120, ['', 'Lind & Sohn', 'Nordkiste'])
    >>> market.truth["Nordkiste"]["on_time"], market.truth[""]["on_time"]
    ((0.2, 0.9), (0.2, 0.6))
    """
    if voices < 1 or seed < 0:
        raise BadOption(
            f"A market of {voices} voices with the seed {seed} cannot be invented.",
            hint="Give at least one voice and a seed of 0 or more.",
        )
    truth = {"": dict(_OWN)} | {name: {**_OWN, **other} for name, other in _OTHERS.items()}
    streams = np.random.SeedSequence(seed).spawn(len(truth))
    found = [
        voice
        for place, (company, held) in enumerate(truth.items())
        for voice in _voices_about(
            np.random.default_rng(streams[place]), company=company, held=held, most=voices, place=place
        )
    ]
    ordered = sorted(found, key=lambda voice: (voice.cells[1], voice.id))
    return SampleMarket(own=shop.NAME, voices=tuple(ordered), truth=truth)


def write_market(market: SampleMarket, path: Path | str) -> Path:
    """The invented market as one CSV file with a column of companies, blank for one's own.

    Parameters
    ----------
    market
        Result of ``sample_market``.
    path
        File to write; replaced if it is there.

    Returns
    -------
    Path
        Where it is. UTF-8 with a header, comma between cells.

    Raises
    ------
    CannotWrite
        If the file cannot be written.

    Source
    ------
    Our own definition, docs/howto/compare-with-others.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = write_market(sample_market(voices=2), Path(folder) / "market.csv")
    ...     path.read_text(encoding="utf-8").splitlines()[0]
    'id,date,customer,company,channel,comment'
    """
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerows([MARKET_COLUMNS, *(voice.cells for voice in market.voices)])
    place = Path(path)
    try:
        place.write_text(held.getvalue(), encoding="utf-8", newline="")
    except OSError as error:
        raise CannotWrite(
            f"The invented market cannot be written to {place}: {error.strerror}.",
            hint="Choose a place that you may write to.",
        ) from error
    return place


def _voices_about(
    rng: np.random.Generator, *, company: str, held: Mapping[str, tuple[float, float]], most: int, place: int
) -> list[MarketVoice]:
    languages = tuple(shop.LANGUAGE_SHARES)
    weights = np.array(tuple(shop.LANGUAGE_SHARES.values()))
    found: list[MarketVoice] = []
    person = 0
    while len(found) < most:
        language = languages[int(rng.choice(len(languages), p=weights / weights.sum()))]
        mood = {name: bool(rng.random() < met) for name, (_, met) in held.items()}
        for _ in range(2 if rng.random() < SPEAKS_TWICE else 1):
            labels = _labels(rng, held=held, mood=mood)
            number = len(found) * 3 + place + 1
            found.append(_voice(rng, number, company, customer_number(person * 3 + place), language, labels))
        person += 1
    return found[:most]


def _labels(
    rng: np.random.Generator, *, held: Mapping[str, tuple[float, float]], mood: Mapping[str, bool]
) -> tuple[tuple[str, str], ...]:
    raised = [name for name, (mentioned, _) in held.items() if rng.random() < mentioned]
    chosen = [raised[int(one)] for one in rng.permutation(len(raised))[:MOST]]
    said = []
    for name in chosen:
        met = mood[name] if rng.random() < SAME_AGAIN else bool(rng.random() < held[name][1])
        said.append((name, "met" if met else "unmet"))
    return tuple(said)


def _voice(
    rng: np.random.Generator,
    number: int,
    company: str,
    customer: str,
    language: str,
    labels: tuple[tuple[str, str], ...],
) -> MarketVoice:
    silent = not labels and rng.random() < CONTENT_FREE
    comment = (
        nothing_said(rng, language=language)
        if silent
        else written(rng, labels=labels, language=language, figures=Figures())
    )
    said = moment(START, np.int64(rng.integers(0, DAYS)), np.int64(rng.integers(7 * 60, 23 * 60)))
    channel = ("web review", "email survey")[int(rng.random() < 0.4)]
    cells = (f"M-{number:05d}", cell_of(said), customer, company, channel, comment)
    return MarketVoice(cells[0], company, customer, language, comment, labels, cells)
