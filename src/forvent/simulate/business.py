"""The sample business: voices, episodes, and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from forvent.errors import BadOption
from forvent.simulate.feelings import draw_spoken
from forvent.simulate.flaws import spoil_episodes, spoil_voices
from forvent.simulate.orders import draw_orders
from forvent.simulate.rows import (
    Row,
    SampleEpisode,
    SampleVoice,
    draw_languages,
    episodes_of,
    voices_of,
)
from forvent.simulate.truth import Truth, true_business

LEAST_DAYS = 30


@dataclass(frozen=True, slots=True)
class SampleBusiness:
    """An invented shop.

    ``voices`` and ``episodes`` are what can be used of it. ``voice_rows`` and ``episode_rows``
    are the rows of its files, by ``VOICE_COLUMNS`` and ``EPISODE_COLUMNS``: the same, with
    some repeated and some spoilt, as ``truth.flaws`` counts.
    """

    voices: tuple[SampleVoice, ...]
    episodes: tuple[SampleEpisode, ...]
    voice_rows: tuple[Row, ...]
    episode_rows: tuple[Row, ...]
    truth: Truth


def sample_business(
    *, customers: int = 1200, seed: int = 7, start: date = date(2026, 1, 1), days: int = 240
) -> SampleBusiness:
    r"""An invented web shop with a pickup store and a help desk, whose truth is known.

    Orders fall on the days by weekday and hour. An order takes :math:`\lceil D\rceil`
    calendar days, :math:`\ln D` normal with median and spread of its region and shipping;
    for the last three eighths of the record the carrier is slower in one region. The shop
    promises the same to all regions. Late orders make a complaint about ``on_time`` likely; how
    long they took changes what is said of ``fast_delivery``, but not the stars:

    .. math:: \text{stars} = \operatorname{round}\Bigl(b + \sum_j (p_j U_j + r_j M_j) + \varepsilon\Bigr)

    with :math:`U_j = 1` where expectation j is unmet, :math:`M_j = 1` where it is met and
    :math:`\varepsilon` normal, kept within 1 to 5. At most three expectations come up in a voice, each with a
    phrase in the customer's language. The same arguments give the same business, with one
    version of NumPy. Nothing of it is ever trained on.

    Parameters
    ----------
    customers
        How many customers order, at least 1; each places 1.6 orders on average.
    seed
        Seed of all that is drawn, 0 or more.
    start
        First day of the record.
    days
        Length of the record, at least 30.

    Returns
    -------
    SampleBusiness
        Voices with their true labels, episodes, the rows of both files, and the truth.

    Raises
    ------
    BadOption
        If there are no customers, too few days, or the seed is negative.

    Source
    ------
    Our own definition, docs/howto/sample-business.md.

    Examples
    --------
    >>> business = sample_business(customers=50)
    >>> len(business.episodes), business.voices[0].id
    (79, 'R-00001')
    >>> business.truth.expectation("on_time").kind
    'basic'
    >>> business.truth.group(region="City").days[0.95]
    2
    """
    _check(customers=customers, seed=seed, days=days)
    # A stream of its own for each part: a change of the texts leaves the orders as they are.
    shop_rng, said_rng, text_rng, flaw_rng = (
        np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(4)
    )
    languages = draw_languages(shop_rng, customers=customers)
    orders = draw_orders(shop_rng, customers=customers, start=start, days=days)
    spoken = draw_spoken(said_rng, orders=orders)
    episodes = episodes_of(orders, start=start)
    said = voices_of(text_rng, spoken=spoken, orders=orders, languages=languages, start=start)
    voices, voice_rows, voice_flaws = spoil_voices(flaw_rng, said)
    episode_rows, episode_flaws = spoil_episodes(flaw_rng, episodes)
    return SampleBusiness(
        voices=voices,
        episodes=episodes,
        voice_rows=voice_rows,
        episode_rows=episode_rows,
        truth=true_business(start, days=days, flaws=voice_flaws | episode_flaws),
    )


def _check(*, customers: int, seed: int, days: int) -> None:
    if customers < 1:
        raise BadOption(f"A shop with {customers} customers has no orders.", hint="1200 are usual.")
    if days < LEAST_DAYS:
        raise BadOption(
            f"In {days} days too few orders come and are spoken of.", hint=f"Give at least {LEAST_DAYS} days."
        )
    if seed < 0:
        raise BadOption(f"The seed {seed} is negative.", hint="Give 0 or a positive whole number.")
