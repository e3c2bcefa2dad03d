"""Voices and episodes of the sample business as typed rows and as cells of its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from forvent.simulate import shop
from forvent.simulate.feelings import MET, Spoken, draw_stars
from forvent.simulate.orders import Codes, Orders, draw
from forvent.simulate.phrases import Figures, nothing_said, written

VOICE_COLUMNS = ("id", "date", "customer", "order", "channel", "touchpoint", "stars", "comment")
EPISODE_COLUMNS = ("order_id", "customer", "ordered", "promised", "delivered", "status", "region", "shipping")
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleVoice:
    """One voice as it can be used, with what is truly in it.

    ``labels`` are (expectation, "met" or "unmet") in the order of the text, empty where it
    says nothing of the kind; ``content_free`` is True where there is no text or only "ok". ``stars``
    and ``said_at`` are None where none was given or the file has an impossible one; ``order``
    where the customer did not name it. ``language`` is not in the file.
    """

    id: str
    comment: str
    stars: int | None
    said_at: datetime | None
    order: str | None
    customer: str
    channel: str
    touchpoint: str
    language: str
    labels: tuple[tuple[str, str], ...]
    content_free: bool

    @property
    def cells(self) -> Row:
        """Its row in the file, by ``VOICE_COLUMNS``."""
        stars = "" if self.stars is None else str(self.stars)
        return (
            self.id,
            cell_of(self.said_at),
            self.customer,
            self.order or "",
            self.channel,
            self.touchpoint,
            stars,
            self.comment,
        )


@dataclass(frozen=True, slots=True)
class SampleEpisode:
    """One order: promised for a day, and its time of delivery, None while open or where cancelled."""

    order: str
    customer: str
    ordered: datetime
    promised: date
    delivered: datetime | None
    cancelled: bool
    region: str
    shipping: str

    @property
    def kept(self) -> bool | None:
        """True where it came on the promised day or before; None while open or cancelled."""
        return None if self.delivered is None else self.delivered.date() <= self.promised

    @property
    def cells(self) -> Row:
        """Its row in the file, by ``EPISODE_COLUMNS``."""
        status = "cancelled" if self.cancelled else "on its way" if self.delivered is None else "delivered"
        return (
            self.order,
            self.customer,
            cell_of(self.ordered),
            self.promised.isoformat(),
            cell_of(self.delivered),
            status,
            self.region,
            self.shipping,
        )


def episodes_of(orders: Orders, *, start: date) -> tuple[SampleEpisode, ...]:
    """Orders as typed rows."""
    delivered = orders.delivered
    return tuple(
        SampleEpisode(
            order=order_number(place),
            customer=customer_number(int(orders.customer[place])),
            ordered=moment(start, orders.day[place], orders.minute[place]),
            promised=start + timedelta(days=int(orders.day[place] + orders.promised[place])),
            delivered=moment(start, orders.day[place] + orders.length[place], orders.arrival[place])
            if delivered[place]
            else None,
            cancelled=bool(orders.cancelled[place]),
            region=shop.REGIONS[orders.region[place]].name,
            shipping=shop.SHIPPINGS[orders.shipping[place]].name,
        )
        for place in range(orders.n)
    )


def voices_of(
    rng: np.random.Generator, *, spoken: Spoken, orders: Orders, languages: Codes, start: date
) -> tuple[SampleVoice, ...]:
    """What was said, with a text in the customer's language and stars."""
    n = spoken.order.size
    stars = draw_stars(rng, felt=spoken.felt)
    textless = rng.random(n) < shop.WITHOUT_TEXT
    content_free = textless | (rng.random(n) < shop.CONTENT_FREE)
    # Whoever writes nothing at least ticks a star.
    unrated = (rng.random(n) < shop.UNRATED) & ~textless
    unnamed = rng.random(n) < shop.ORDER_UNNAMED
    names = tuple(shop.LANGUAGE_SHARES)
    channels = tuple(shop.CHANNELS)
    voices = []
    for place, order in enumerate(spoken.order):
        customer = int(orders.customer[order])
        language = names[languages[customer]]
        labels = () if content_free[place] else _labels(rng, spoken.felt[place])
        channel = channels[spoken.channel[place]]
        if not content_free[place]:
            comment = written(rng, labels=labels, language=language, figures=_figures(orders, order))
        else:
            comment = "" if textless[place] else nothing_said(rng, language=language)
        voices.append(
            SampleVoice(
                id=f"R-{place + 1:05d}",
                comment=comment,
                stars=None if unrated[place] else int(stars[place]),
                said_at=moment(start, spoken.day[place], spoken.minute[place]),
                order=None if unnamed[place] else order_number(int(order)),
                customer=customer_number(customer),
                channel=channel,
                touchpoint=shop.CHANNELS[channel][0],
                language=language,
                labels=labels,
                content_free=bool(content_free[place]),
            )
        )
    return tuple(voices)


def draw_languages(rng: np.random.Generator, *, customers: int) -> Codes:
    """The language of each customer, as a place in ``shop.LANGUAGE_SHARES``."""
    return draw(rng, tuple(shop.LANGUAGE_SHARES.values()), n=customers)


def order_number(place: int) -> str:
    """The number of an order as the shop prints it."""
    return f"HH-{20_001 + place}"


def customer_number(place: int) -> str:
    """The number of a customer as the shop prints it."""
    return f"K-{1_001 + place}"


def moment(start: date, day: int | np.int64, minute: int | np.int64) -> datetime:
    """A minute of a day of the record."""
    return datetime.combine(start, time()) + timedelta(days=int(day), minutes=int(minute))


def _labels(
    rng: np.random.Generator, felt: np.ndarray[tuple[int], np.dtype[np.int8]]
) -> tuple[tuple[str, str], ...]:
    places = rng.permutation(np.flatnonzero(felt))
    return tuple(
        (shop.EXPECTATIONS[place].id, "met" if felt[place] == MET else "unmet") for place in places.tolist()
    )


def _figures(orders: Orders, order: int) -> Figures:
    late, over = bool(orders.late[order]), bool(orders.delivered[order])
    return Figures(
        promised=int(orders.promised[order]) if late else None,
        # Nobody calls one day slow in figures.
        actual=int(orders.length[order]) if over and orders.length[order] > 1 else None,
    )


def cell_of(when: datetime | None) -> str:
    """A time as the files write it; empty where there is none."""
    return "" if when is None else when.isoformat(sep=" ", timespec="minutes")
