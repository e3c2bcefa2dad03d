"""The invented market, and an identifier that knows what is in it, so that no test here needs a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from forvent.identify import catalogue, names
from forvent.records import IdentifiedVoice, Mention, Voice
from forvent.records.market import Market
from forvent.report import Names
from forvent.runs import market as market_module
from forvent.runs.market import MarketOptions, compare_with_others
from forvent.simulate.market import MarketVoice, SampleMarket, sample_market, write_market
from forvent.simulate.phrases import phrases

NOW = datetime(2026, 7, 1)


class KnowingIdentifier:
    """Finds in each voice exactly what was put into it; ids may stand behind the number of a file."""

    def __init__(self, market: SampleMarket) -> None:
        self._known = {voice.id: voice for voice in market.voices}

    #: As the encoder that the comparison names.
    name = "exact"

    def __call__(self, tier: str, *, heads: str | None) -> KnowingIdentifier:
        """As ``Maker(tier)`` is called; the tier plays no part."""
        return self

    def make(self) -> KnowingIdentifier:
        """As ``Maker`` makes an identifier."""
        return self

    def identify(self, voices: Iterable[Voice]) -> tuple[IdentifiedVoice, ...]:
        """What was put into each voice."""
        return tuple(self._one(voice, self._known[voice.voice_id.rpartition("/")[2]]) for voice in voices)

    def _one(self, voice: Voice, known: MarketVoice) -> IdentifiedVoice:
        mentions = tuple(_mention(voice, known.language, *label) for label in known.labels)
        polarity = "positive" if mentions else "neutral"
        return IdentifiedVoice(voice.voice_id, known.language, polarity, 0.9, False, mentions)


def _mention(voice: Voice, language: str, expectation: str, polarity: str) -> Mention:
    said = next(text for text in phrases(language)[expectation, polarity] if text in voice.text)
    start, stage = voice.text.index(said), catalogue()[expectation].stage
    return Mention(
        voice_id=voice.voice_id,
        expectation=expectation,
        polarity=polarity,
        stated=False,
        quote=said,
        start=start,
        end=start + len(said),
        confidence=0.9,
        language=language,
        touchpoint=stage,
        stage=stage,
    )


@pytest.fixture(scope="session")
def sample() -> SampleMarket:
    return sample_market()


@pytest.fixture(scope="module", autouse=True)
def knowing(sample: SampleMarket) -> Iterator[None]:
    """Every comparison in these tests is made by the knowing identifier."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(market_module, "Maker", KnowingIdentifier(sample))
        yield


@pytest.fixture(scope="session")
def one_file(sample: SampleMarket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All voices in one file with a column of companies."""
    return write_market(sample, tmp_path_factory.mktemp("market") / "market.csv")


@pytest.fixture(scope="session")
def files(sample: SampleMarket, one_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same voices as a file for each company, by its name; one's own under the empty name."""
    folder = tmp_path_factory.mktemp("files")
    head, *_ = one_file.read_text(encoding="utf-8").splitlines()
    found = {}
    for number, company in enumerate(sample.truth):
        found[company] = folder / f"company{number}.csv"
        kept = SampleMarket(
            sample.own, tuple(voice for voice in sample.voices if voice.company == company), sample.truth
        )
        text = write_market(kept, found[company]).read_text(encoding="utf-8")
        assert text.startswith(head)
        found[company].write_text(text.replace("company", "note", 1), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def compared(one_file: Path, sample: SampleMarket, knowing: None) -> Market:
    return compare_with_others([one_file], now=NOW, options=MarketOptions(own=sample.own))


@pytest.fixture(scope="session")
def called() -> Callable[[str], Names]:
    return names
