"""The sample business as a whole: the same again, plausible, and readable by forvent."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from forvent.errors import BadOption
from forvent.simulate import SampleBusiness, sample_business, shop
from forvent.simulate.phrases import NOTHING_SAID
from forvent.stats import wilson


def test_the_same_seed_gives_the_same_business() -> None:
    assert sample_business(customers=150, seed=3) == sample_business(customers=150, seed=3)


def test_another_seed_gives_another_business() -> None:
    one, other = sample_business(customers=150, seed=3), sample_business(customers=150, seed=4)
    assert one.voice_rows != other.voice_rows
    assert one.episode_rows != other.episode_rows


def test_the_record_covers_its_days() -> None:
    business = sample_business(customers=600, start=date(2024, 2, 1), days=60)
    days = {episode.ordered.date() for episode in business.episodes}
    assert min(days) == date(2024, 2, 1)
    assert max(days) == date(2024, 3, 31)
    assert business.truth.slow_from == date(2024, 3, 10)


def test_customers_speak_six_languages_in_their_shares(large: SampleBusiness) -> None:
    spoken = {voice.customer: voice.language for voice in large.voices}
    counts = Counter(spoken.values())
    assert set(counts) == set(shop.LANGUAGE_SHARES)
    for language, share in large.truth.languages.items():
        seen = wilson(counts[language], len(spoken), level=0.999)
        assert seen.low <= share <= seen.high


def test_a_customer_keeps_to_one_language(business: SampleBusiness) -> None:
    pairs = {(voice.customer, voice.language) for voice in business.voices}
    assert len(pairs) == len({voice.customer for voice in business.voices})


def test_no_phrase_is_left_unfilled(large: SampleBusiness) -> None:
    assert not any("{" in voice.comment or "}" in voice.comment for voice in large.voices)


def test_every_order_spoken_of_exists_and_is_the_customers_own(business: SampleBusiness) -> None:
    orders = {episode.order: episode.customer for episode in business.episodes}
    named = [voice for voice in business.voices if voice.order is not None]
    assert 0 < len(business.voices) - len(named) < 0.1 * len(business.voices)
    assert all(orders[voice.order or ""] == voice.customer for voice in named)


def test_figures_in_a_text_are_those_of_its_order(large: SampleBusiness) -> None:
    orders = {episode.order: episode for episode in large.episodes}
    quoted = 0
    for voice in large.voices:
        # "Promised: 4 days. It took 6 days."
        if voice.language != "en" or "Promised: " not in voice.comment or voice.order is None:
            continue
        episode = orders[voice.order]
        assert episode.delivered is not None
        promised = (episode.promised - episode.ordered.date()).days
        actual = (episode.delivered.date() - episode.ordered.date()).days
        assert f"Promised: {promised} days. It took {actual} days." in voice.comment
        assert actual > promised
        quoted += 1
    assert quoted > 5


def test_labels_are_what_the_text_says(business: SampleBusiness) -> None:
    for voice in business.voices:
        if voice.content_free:
            assert voice.labels == ()
            assert voice.comment in ("", *NOTHING_SAID[voice.language])
        else:
            assert voice.comment
            assert len({expectation for expectation, _ in voice.labels}) == len(voice.labels) <= 3


def test_every_voice_has_words_or_stars(business: SampleBusiness) -> None:
    assert all(voice.comment or voice.stars is not None for voice in business.voices)


def test_silence_has_its_shares(large: SampleBusiness) -> None:
    n = len(large.voices)
    textless = sum(not voice.comment for voice in large.voices)
    seen = wilson(textless, n, level=0.999)
    assert seen.low <= shop.WITHOUT_TEXT <= seen.high
    free = wilson(sum(voice.content_free for voice in large.voices) - textless, n - textless, level=0.999)
    assert free.low <= shop.CONTENT_FREE <= free.high


def test_voices_stand_in_the_order_of_their_time(business: SampleBusiness) -> None:
    times = [voice.said_at for voice in business.voices if voice.said_at is not None]
    assert times == sorted(times)
    assert len({voice.id for voice in business.voices}) == len(business.voices)


def test_some_customers_speak_more_than_once(business: SampleBusiness) -> None:
    assert max(Counter(voice.customer for voice in business.voices).values()) > 1


def test_stars_spread_over_the_whole_scale(business: SampleBusiness) -> None:
    stars = np.array([voice.stars for voice in business.voices if voice.stars is not None])
    assert 2.8 < stars.mean() < 3.6
    assert all(np.mean(stars == star) > 0.03 for star in range(1, 6))


@pytest.mark.parametrize("customers", [1, 2, 5])
def test_a_tiny_shop_is_still_a_shop(customers: int) -> None:
    business = sample_business(customers=customers, days=30)
    assert len(business.episodes) >= customers
    assert len(business.voices) <= len(business.episodes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"customers": 0}, "A shop with 0 customers has no orders. 1200 are usual."),
        ({"days": 7}, "In 7 days too few orders come and are spoken of. Give at least 30 days."),
        ({"seed": -1}, "The seed -1 is negative. Give 0 or a positive whole number."),
    ],
)
def test_refuses_what_makes_no_shop(arguments: dict[str, int], message: str) -> None:
    with pytest.raises(BadOption) as caught:
        sample_business(**arguments)
    assert str(caught.value) == message
