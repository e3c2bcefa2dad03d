"""Voices one by one: in a hurry where all is as expected, the long way where not; the outcome is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from forvent.errors import BadOption
from forvent.records import Voice as Given
from forvent_server.actions import brought
from forvent_server.actions.brought import bring_voices
from forvent_server.actions.erasing import erase_customer
from forvent_server.actions.people import make_key
from forvent_server.actions.queue import claim
from forvent_server.actions.voices import TakenIn
from forvent_server.jobs.assess import fingerprint
from forvent_server.store.models import (
    ApiKey,
    Customer,
    CustomerKey,
    Event,
    Import,
    Job,
    Person,
    Source,
    Voice,
)
from forvent_server.stored import segments_known

NEW, KNOWN = TakenIn(new=1, known=0), TakenIn(new=0, known=1)
SAID = Given("2", "Nobody called back.", 1, rating=0.25, rating_given=2.0, time=datetime(2026, 2, 1, 8))


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    yield
    brought._sources.clear()
    brought._said.clear()


@pytest.fixture
def key(owner: Person, now: datetime) -> ApiKey:
    """A key that brought one voice already."""
    made = make_key(name="shop", scopes=["write"], who=owner, now=now)[0]
    brings(made, Given("1", "It came late.", 1, customer="c1", time=datetime(2026, 2, 1)), now=now)
    # Said again as after the commit, which a test never comes to.
    brought._said[(made.pk, "bring voices")] = brought._hour(now)
    return made


def brings(key: ApiKey, voice: Given, *, now: datetime) -> TakenIn:
    return bring_voices([voice], source="shop", key=key, now=now)


def statements(key: ApiKey, voice: Given, *, now: datetime) -> tuple[TakenIn, list[str]]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        taken = brings(key, voice, now=now)
    return taken, [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]


def test_the_next_voice_comes_in_by_one_statement(key: ApiKey, now: datetime) -> None:
    taken, asked = statements(key, SAID, now=now)
    assert (taken, len(asked)) == (NEW, 1)
    kept = Voice.objects.get(text=SAID.text)
    assert (kept.key, kept.rating, kept.rating_given) == (f"{Source.objects.get().pk}/2", 0.25, 2.0)
    assert (kept.came_at, kept.time.isoformat()) == (now, "2026-02-01T08:00:00+00:00")  # type: ignore[union-attr]
    assert (kept.source, kept.identified_at, kept.language) == (Source.objects.get(), None, "")


def test_both_ways_keep_the_same(key: ApiKey, now: datetime) -> None:
    whole = replace(
        SAID,
        channel="web",
        touchpoint="delivery",
        customer="c1",
        episode="A1",
        competitor="Acme",
        language="en",
        segments={"region": "nord-øst"},
    )
    # Named as after the commit, which a test never comes to.
    Source.objects.update(settings={"segments": ["region"]})
    brought._sources["shop"].settings = {"segments": ["region"]}
    assert statements(key, whole, now=now)[1][0].startswith("WITH held")
    bring_voices(
        [replace(whole, voice_id="3"), replace(whole, voice_id="4")], source="shop", key=key, now=now
    )
    hurried, *others = Voice.objects.filter(text=SAID.text).order_by("pk").values()
    for other in others:
        assert {**hurried, "id": 0, "key": ""} == {**other, "id": 0, "key": "", "content": hurried["content"]}


def test_a_segment_nobody_named_before_is_kept_for_assessments(key: ApiKey, now: datetime) -> None:
    assert segments_known() == ()
    assert brings(key, replace(SAID, segments={"Plan": "yearly", "empty": ""}), now=now) == NEW
    assert Voice.objects.get(text=SAID.text).segments == {"Plan": "yearly"}
    assert segments_known() == ("Plan", "empty")
    Import.objects.create(
        name="a", holds="voices", state="done", path="", size=0, sha256="", made_at=now,
        options={"segments": ["plan"]},
    )  # fmt: skip
    assert segments_known() == ("Plan", "empty")


def test_segments_of_a_voice_that_came_before_are_taken_over(key: ApiKey, now: datetime) -> None:
    brings(key, SAID, now=now)
    before = fingerprint()
    assert brings(key, replace(SAID, segments={"region": "north"}), now=now) == KNOWN
    assert Voice.objects.get(text=SAID.text).segments == {"region": "north"}
    assert Job.objects.filter(kind="assess", state="waiting").exists()
    assert fingerprint() != before


def test_another_value_of_a_segment_causes_an_assessment_of_its_own(key: ApiKey, now: datetime) -> None:
    north, south = (replace(SAID, segments={"region": region}) for region in ("north", "south"))
    assert [brings(key, one, now=now) for one in (north, north)] == [NEW, KNOWN]
    Job.objects.filter(kind="assess").delete()
    before = fingerprint()
    assert brings(key, north, now=now) == KNOWN
    assert fingerprint() == before
    assert not Job.objects.filter(kind="assess").exists()
    assert brings(key, south, now=now) == KNOWN
    assert Voice.objects.get(text=SAID.text).segments == {"region": "south"}
    assert Job.objects.filter(kind="assess", state="waiting").exists()
    assert fingerprint() != before


@pytest.mark.parametrize("told", [{"customer": "c9"}, {"episode": "A7"}, {"customer": "c9", "episode": "A7"}])
def test_a_known_voice_takes_over_another_customer_or_order_and_causes_an_assessment(
    key: ApiKey, now: datetime, told: dict[str, str]
) -> None:
    assert brings(key, SAID, now=now) == NEW
    before = fingerprint()
    again = replace(SAID, **told)  # type: ignore[arg-type]
    assert brings(key, again, now=now) == TakenIn(new=0, known=1, told=1)
    kept = Voice.objects.get(text=SAID.text)
    assert kept.episode_key == told.get("episode", "")
    assert (kept.customer_id is not None) == ("customer" in told)
    assert Job.objects.filter(kind="assess", state="waiting").exists()
    after = fingerprint()
    assert after != before
    assert brings(key, again, now=now) == KNOWN
    assert fingerprint() == after


def test_a_known_voice_does_not_take_over_who_was_erased(key: ApiKey, owner: Person, now: datetime) -> None:
    assert brings(key, SAID, now=now) == NEW
    erase_customer(Customer.objects.get(), who=owner, now=now)
    before = fingerprint()
    brings(key, replace(SAID, customer="c1"), now=now)
    assert Voice.objects.get(text=SAID.text).customer is None
    assert fingerprint() == before


def test_no_program_names_a_segment_a_customer(key: ApiKey, now: datetime) -> None:
    with transaction.atomic(), pytest.raises(BadOption, match=r"One source has at most 20 segments\."):
        bring_voices(
            [replace(SAID, voice_id=str(n), segments={f"c{n}": "x"}) for n in range(30, 51)],
            source="shop", key=key, now=now,
        )  # fmt: skip
    assert Voice.objects.count() == 1
    assert segments_known() == ()


def test_the_same_voice_again_is_known(key: ApiKey, now: datetime) -> None:
    assert [brings(key, SAID, now=now) for _ in range(2)] == [NEW, KNOWN]
    assert Voice.objects.filter(text=SAID.text).count() == 1


def test_the_same_id_with_other_words_is_another_voice(key: ApiKey, now: datetime) -> None:
    said = [SAID, replace(SAID, text="All was fine."), SAID, replace(SAID, text="All was fine.")]
    assert [brings(key, one, now=now) for one in said] == [NEW, NEW, KNOWN, KNOWN]


def test_a_customer_nobody_heard_of_is_made(key: ApiKey, now: datetime) -> None:
    assert brings(key, replace(SAID, customer="c2"), now=now) == NEW
    assert brings(key, replace(SAID, voice_id="3", customer="c2"), now=now) == NEW
    assert CustomerKey.objects.filter(value="c2").count() == 1
    assert Voice.objects.filter(customer__keys__value="c2").count() == 2


def test_what_an_erased_customer_said_stays_erased(key: ApiKey, owner: Person, now: datetime) -> None:
    erase_customer(Customer.objects.get(), who=owner, now=now)
    assert brings(key, replace(SAID, customer="c1"), now=now) == KNOWN
    assert brings(key, SAID, now=now) == NEW


def test_a_claimed_job_is_followed_by_another(key: ApiKey, now: datetime) -> None:
    assert claim(Job.objects.get(kind="identify"), by="test", now=now)
    assert brings(key, SAID, now=now) == NEW
    assert sorted(Job.objects.values_list("state", flat=True)) == ["running", "waiting"]


def test_when_a_source_last_brought_something_is_known_to_the_second(key: ApiKey, now: datetime) -> None:
    later = now + timedelta(seconds=2)
    assert brings(key, SAID, now=later) == NEW
    assert Source.objects.get().brought_at == later


def test_a_source_that_was_renamed_meanwhile_is_made_anew(key: ApiKey, now: datetime) -> None:
    Source.objects.update(name="api: old shop")
    assert brings(key, SAID, now=now) == NEW
    assert Voice.objects.get(text=SAID.text).source == Source.objects.get(name="api: shop")


def test_the_audit_says_once_an_hour_who_brings(key: ApiKey, now: datetime) -> None:
    brings(key, SAID, now=now)
    assert Event.objects.filter(what="bring voices").count() == 1
    brings(key, replace(SAID, voice_id="3"), now=now + timedelta(hours=1))
    assert Event.objects.filter(what="bring voices").count() == 2
