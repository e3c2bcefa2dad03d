"""Voices counted by what they do, wish for and refer to."""

from __future__ import annotations

import pyarrow as pa
import pytest

from forvent.assess import said, said_counts
from forvent.records import Estimate, NotEnough
from forvent.stats import wilson
from forvent.tables import MENTIONS, VOICES, arrow_schema

HEARD = (
    # voice, act, says nothing, ironic
    ("a", "complaint", False, False),
    ("b", "complaint", False, True),
    ("c", "request", False, False),
    ("d", "praise", False, False),
    ("e", "none", True, False),
)
SPOKEN = (
    # voice, expectation, polarity, type, source, its name
    ("a", "on_time", "unmet", "explicit", "company", None),
    ("a", "fair_price", "wished", "explicit", "other_company", "Nordkiste"),
    ("b", "on_time", "unmet", "implicit", "other_company", "NORDKISTE"),
    ("b", "choice", "wished", "implicit", "other_company", "Bergmann"),
    ("c", "fair_price", "wished", "explicit", None, None),
    ("d", "friendly_staff", "met", "interpersonal", None, None),
)


def counted(engine, *, heard=HEARD, spoken=SPOKEN) -> list[dict]:
    names = ("voice_id", "act", "content_free", "doubtful")
    voices = pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in heard], schema=arrow_schema(VOICES)
    )
    names = ("voice_id", "expectation", "polarity", "type", "source", "source_name")
    mentions = pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in spoken], schema=arrow_schema(MENTIONS)
    )
    return engine.collect(said_counts(engine.table(voices), mentions=engine.table(mentions))).to_pylist()


def part_of(rows: list[dict], part: str) -> dict[str, int]:
    return {row["name"]: row["voices"] for row in rows if row["part"] == part}


def many(**parts: dict[str, int]) -> list[dict]:
    return [
        {"part": part, "name": name, "voices": voices}
        for part, counts in parts.items()
        for name, voices in counts.items()
    ]


# ---------------------------------------------------------------------- counting


def test_a_voice_counts_once_in_each_category_however_often_it_says_it(engine):
    rows = counted(engine)
    assert part_of(rows, "type") == {"explicit": 2, "implicit": 1, "interpersonal": 1}
    assert part_of(rows, "source") == {"company": 1, "other_company": 2}
    assert part_of(rows, "mentioning") == {"": 4}
    assert part_of(rows, "sourced") == {"": 2}


def test_wishes_are_counted_by_expectation_and_nothing_else_is_one(engine):
    assert part_of(counted(engine), "wish") == {"choice": 1, "fair_price": 2}


def test_voices_that_say_nothing_are_not_counted(engine):
    assert part_of(counted(engine), "act") == {"complaint": 2, "praise": 1, "request": 1}


def test_mentions_of_voices_that_are_not_there_are_not_counted(engine):
    stray = (
        ("e", "on_time", "wished", "dynamic", "company", None),
        ("z", "choice", "wished", "digital", None, None),
    )
    assert counted(engine, spoken=(*SPOKEN, *stray)) == counted(engine)


def test_a_company_is_the_same_one_however_its_letters_are_cased(engine):
    assert part_of(counted(engine), "rival") == {"Bergmann": 1, "NORDKISTE": 2}


def test_voices_that_may_be_ironic_are_counted_and_stay_where_their_words_stand(engine):
    rows = counted(engine)
    assert part_of(rows, "doubtful") == {"": 1}
    assert part_of(rows, "act")["complaint"] == 2


def test_the_order_of_voices_and_mentions_changes_nothing(engine):
    assert counted(engine, heard=HEARD[::-1], spoken=SPOKEN[::-1]) == counted(engine)


def test_no_voice_at_all_gives_no_row(engine):
    assert counted(engine, heard=(), spoken=()) == []


def test_counts_are_whole_numbers_of_64_bits(engine):
    voices = engine.table(pa.Table.from_pylist([], schema=arrow_schema(VOICES)))
    mentions = engine.table(pa.Table.from_pylist([], schema=arrow_schema(MENTIONS)))
    found = engine.collect(said_counts(voices, mentions=mentions))
    assert found.schema.field("voices").type == pa.int64()


# ------------------------------------------------------------------------ shares


def test_each_part_is_a_share_of_the_voices_it_is_asked_of():
    found = said(
        many(
            act={"complaint": 60, "praise": 40},
            mentioning={"": 80},
            type={"explicit": 20},
            sourced={"": 10},
            source={"company": 7, "word_of_mouth": 4},
            rival={"Nordkiste": 3},
            wish={"choice": 5},
        )
    )
    assert (found.voices, found.mentioning, found.sourced.voices) == (100, 80, 10)
    bases = {
        "acts": 100, "wishes": 100, "types": 80, "sources": 10, "rivals": 10,
    }  # fmt: skip
    for part, base in bases.items():
        for one in getattr(found, part):
            assert one.share == wilson(one.voices, base), part
    assert found.sourced.share == wilson(10, 80)


def test_the_most_frequent_stands_first_and_equals_stand_by_name():
    found = said(many(act={"remark": 2, "complaint": 5, "praise": 2}))
    assert [one.name for one in found.acts] == ["complaint", "praise", "remark"]


def test_what_no_voice_says_is_left_out():
    found = said(many(act={"complaint": 6}, mentioning={"": 6}, type={"explicit": 6}))
    assert [one.name for one in found.types] == ["explicit"]
    assert found.wishes == found.sources == found.rivals == ()


def test_a_type_that_changes_over_time_is_counted_only_where_a_mention_says_so(engine):
    dynamic = (*SPOKEN, ("d", "innovation", "met", "dynamic", None, None))
    assert "dynamic" not in part_of(counted(engine), "type")
    assert part_of(counted(engine, spoken=dynamic), "type")["dynamic"] == 1


@pytest.mark.parametrize("voices", [1, 4])
def test_fewer_than_five_voices_have_counts_but_no_share(voices):
    found = said(many(act={"complaint": voices}))
    assert found.acts[0].voices == voices
    assert found.acts[0].share == NotEnough(voices, 5, "too few voices to give a share")


def test_nobody_says_anything():
    found = said([])
    assert (found.voices, found.doubtful, found.acts) == (0, 0, ())
    assert found.sourced.share == NotEnough(0, 5, "too few voices to give a share")


def test_the_interval_holds_the_true_share_about_as_often_as_it_says(rng):
    held = 0
    for complaints in rng.binomial(120, 0.3, size=400).tolist():
        found = said(many(act={"complaint": complaints, "praise": 120 - complaints}))
        (one,) = (act.share for act in found.acts if act.name == "complaint")
        assert isinstance(one, Estimate)
        held += one.low <= 0.3 <= one.high
    # 95 % give or take four standard errors.
    assert 0.906 <= held / 400 <= 0.994


def test_another_level_gives_another_interval():
    wide, narrow = (said(many(act={"complaint": 30, "praise": 70}), level=level) for level in (0.99, 0.8))
    assert wide.acts[0].share.low < narrow.acts[0].share.low
    assert wide.acts[0].share.level == 0.99
