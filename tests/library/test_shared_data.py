"""The loop on real orders and what was said of them."""

from __future__ import annotations

import csv
import gzip
import itertools
import os
from datetime import datetime
from pathlib import Path

import pytest

from forvent.identify import names
from forvent.language import Encoder
from forvent.loop import Options, run_loop
from forvent.records import Estimate, Findings, Promise
from forvent.report import page

OLIST = Path(__file__).parents[2] / "../shared/data/promises/olist_orders_flat.csv.gz"
ROWS = 300

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def found(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """The loop on the first orders of the flat table, as voices and as episodes."""
    if not OLIST.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    few = tmp_path_factory.mktemp("olist") / "orders.csv"
    with (
        gzip.open(OLIST, "rt", encoding="utf-8", newline="") as whole,
        few.open("w", encoding="utf-8", newline="") as part,
    ):
        csv.writer(part).writerows(itertools.islice(csv.reader(whole), ROWS + 1))
    return run_loop(
        few,
        now=datetime(2026, 3, 1),
        episodes=few,
        options=Options(encoder=encoder, by=("customer_state",)),
    )


def test_every_order_is_read_as_voice_and_as_episode(found: Findings) -> None:
    assert found.episodes is not None
    assert (found.voices.rows, found.voices.used) == (ROWS, ROWS)
    assert (found.episodes.rows, found.episodes.used) == (ROWS, ROWS)


def test_what_was_said_is_portuguese_and_most_said_nothing(found: Findings) -> None:
    languages = found.coverage.languages
    assert next(iter(languages)) == "pt"
    assert languages["pt"] >= 0.9 * sum(languages.values())
    assert found.coverage.content_free > 0.3 * ROWS


def test_promises_were_mostly_kept_and_the_one_that_is_found_is_kept_later(found: Findings) -> None:
    overall, promise = found.kept[0].kept, found.promises[0]
    assert isinstance(overall, Estimate)
    assert overall.value > 0.8
    assert isinstance(promise, Promise)
    assert promise.by_day
    assert isinstance(promise.kept_later, Estimate)
    assert promise.kept_later.high >= promise.level


def test_every_order_that_was_rated_is_joined_with_itself(found: Findings) -> None:
    assert found.chain is not None
    assert found.chain.joined > 0.9 * ROWS
    late = found.chain.late_difference
    # Few orders were late; where there are enough, they are rated worse.
    assert not isinstance(late, Estimate) or late.value < 0.0


def test_quotes_are_in_the_original_language_and_on_the_page(found: Findings) -> None:
    quotes = [quote for several in found.quotes.values() for quote in several]
    assert quotes
    assert sum(quote.language == "pt" for quote in quotes) >= 0.9 * len(quotes)
    assert "</html>" in page(found, language="cs", names=names("cs"))
