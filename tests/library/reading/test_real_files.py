"""What the shared files are known to hold; see the README beside them."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from forvent.reading import drops_row, read_episodes, read_voices
from forvent.records import Scale

SHARED = Path(__file__).parents[3] / "../shared/data"

pytestmark = pytest.mark.data


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    return path


FEEDBACK = (
    "cs_csrest",
    "de_germeval_dev",
    "en_app_reviews",
    "et_valence",
    "hy_translated",
    "m_absa_es",
    "nb_norec_sentence",
    "pt_olist_reviews",
    "semeval16_ru",
    "xed_zh",
    "zh_hotel",
)


@pytest.mark.parametrize("name", FEEDBACK)
def test_knows_the_columns_of_feedback_files(name: str) -> None:
    mapping = read_voices(shared(f"feedback/{name}.jsonl.gz")).mapping
    assert mapping == {
        "text": "text",
        "id": "id",
        "time": "time",
        "rating": "rating",
        "rating_max": "rating_max",
        "channel": "source",
        "language": "lang",
    }


def test_reads_every_rated_review_of_the_feedback_set() -> None:
    reader = read_voices(shared("feedback/pt_olist_reviews.jsonl.gz"))
    voices = list(reader)
    assert len(voices) == reader.report.rows == 3927
    assert reader.report.scale == Scale(1, 5)
    assert {voice.language for voice in voices} == {"pt"}
    assert all(voice.rating is not None and voice.rating_given == 1 + 4 * voice.rating for voice in voices)


def test_reads_reviews_and_orders_from_one_flat_table() -> None:
    path = shared("promises/olist_orders_flat.csv.gz")
    voices = read_voices(path)
    assert voices.mapping == {
        "text": "review_comment",
        "title": "review_title",
        "id": "order_id",
        "time": "review_created_at",
        "rating": "review_score",
        "episode": "order_id",
    }
    episodes = read_episodes(path)
    assert episodes.mapping == {
        "episode": "order_id",
        "start": "purchased_at",
        "promised": "promised_date",
        "delivered": "delivered_at",
    }
    assert sum(map(len, voices.batches())) == 5164
    orders = list(episodes)
    kept = sum(
        order.delivered.date() <= order.promised.date()
        for order in orders
        if order.delivered and order.promised
    )
    # The README says 93.4 % kept, by day.
    assert len(orders) == 5164
    assert all(order.by_day for order in orders)
    assert round(100 * kept / len(orders), 1) == 93.4


def test_reviews_whose_id_is_not_unique_are_all_kept() -> None:
    reader = read_voices(shared("promises/olist/olist_order_reviews_dataset.csv.gz"))
    voices = list(reader)
    assert reader.mapping["id"] == "review_id"
    assert reader.mapping["episode"] == "order_id"
    assert len(voices) == len({voice.voice_id for voice in voices}) == 8225
    assert sum("#" in voice.voice_id for voice in voices) == 34


def test_orders_that_were_cancelled_are_known_and_promises_are_by_day() -> None:
    reader = read_episodes(shared("promises/olist/olist_orders_dataset.csv.gz"), by=["order_status"])
    orders = list(reader)
    assert reader.mapping == {
        "episode": "order_id",
        "start": "order_purchase_timestamp",
        "promised": "order_estimated_delivery_date",
        "delivered": "order_delivered_customer_date",
        "status": "order_status",
        "customer": "customer_id",
    }
    cancelled = Counter(order.groups["order_status"] for order in orders if order.cancelled)
    assert set(cancelled) == {"canceled", "unavailable"}
    assert all(order.by_day for order in orders)
    left_out = {entry.reason: entry.count for entry in reader.report.unusable if drops_row(entry)}
    assert left_out == {"status says delivered, but there is no time of delivery": 8}
    assert len(orders) == 8135 - 8


def test_shipments_without_a_date_of_order_are_counted() -> None:
    reader = read_episodes(shared("promises/scms_shipments.csv.gz"))
    shipments = list(reader)
    assert reader.mapping["promised"] == "scheduled_delivery_date"
    assert reader.mapping["delivered"] == "delivered_to_client_date"
    assert (
        "“pq_first_sent_to_client_date” was taken for start; it might also be “po_sent_to_vendor_date”."
        in reader.notes
    )
    assert len(shipments) + sum(entry.count for entry in reader.report.unusable) == 10_324
    assert {entry.reason for entry in reader.report.unusable} == {
        "start: no possible date or time",
        "delivered before the start",
    }
