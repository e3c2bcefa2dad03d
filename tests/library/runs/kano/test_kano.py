"""From a file to kinds, segments and drift."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from forvent.errors import BadOption
from forvent.records import Estimate, Kano, KanoChange, NotEnough
from forvent.runs.kano import KanoOptions, kano_kinds

NOW = datetime(2026, 7, 1)


def run(path: Path, **options: object) -> Kano:
    return kano_kinds(path, now=NOW, options=KanoOptions(**options))  # type: ignore[arg-type]


def found_of(kano: Kano) -> dict[str, str]:
    return {one.feature: one.kind for one in kano.features}


def differing(changes: tuple[KanoChange, ...]) -> list[str]:
    return [one.feature for one in changes if one.verdict == "differs"]


def test_kinds_that_were_put_in_are_found(steady: Path, kinds: Mapping[str, str]) -> None:
    found = run(steady)
    assert found_of(found) == kinds
    assert found.cautions == ()
    assert (found.sheets, found.same, found.scale) == (240, 0, "1..5")
    assert set(found.unanswered.values()) == {0}
    assert (found.level, found.false_share) == (0.95, 0.05)
    assert found.made_at == NOW


def test_a_segment_that_wants_something_else_is_found_and_only_there(questionnaire: Path) -> None:
    (by,) = run(questionnaire, by=("region",)).segments
    assert by.column == "region"
    assert {segment.name for segment in by.segments} == {"Coast", "City", "Hills"}
    assert {segment.name: differing(segment.changes) for segment in by.segments}["Coast"] == ["gift wrap"]
    coast = next(segment for segment in by.segments if segment.name == "Coast")
    assert {one.feature: one.kind for one in coast.features}["gift wrap"] == "excitement"
    assert by.left_out == 0


def test_what_moves_over_waves_is_found_and_nothing_else(questionnaire: Path) -> None:
    drift = run(questionnaire, wave="asked").drift
    assert drift is not None
    assert [wave.name for wave in drift.waves] == ["2025-01-05", "2025-04-05", "2025-07-05", "2025-10-05"]
    assert differing(drift.changes) == ["live chat"]
    chat = next(one for one in drift.changes if one.feature == "live chat")
    assert isinstance(chat.better, Estimate)
    assert isinstance(chat.worse, Estimate)
    assert chat.better.high < 0
    assert chat.worse.high < 0
    kinds = [{one.feature: one.kind for one in wave.features}["live chat"] for wave in drift.waves]
    assert (kinds[0], kinds[-1]) == ("excitement", "basic")


def test_steady_kinds_do_not_cry_wolf(steady: Path) -> None:
    found = run(steady, by=("region",), wave="asked", every="quarter")
    assert found.drift is not None
    assert found.drift.waves[0].name == "2025 Q1"
    assert differing(found.drift.changes) == []
    assert [differing(segment.changes) for segment in found.segments[0].segments] == [[], [], []]


def test_groupings_add_up_to_the_whole(questionnaire: Path) -> None:
    plain, grouped = run(questionnaire), run(questionnaire, by=("region", "asked"), wave="asked")
    assert plain.features == grouped.features
    for part in (grouped.segments[0].segments, grouped.segments[1].segments, grouped.drift.waves):  # type: ignore[union-attr]
        for place, feature in enumerate(plain.features):
            assert sum(group.features[place].counts.n for group in part) == feature.counts.n


def test_a_scale_upside_down_is_said_and_decides_nothing(turned: Path, kinds: Mapping[str, str]) -> None:
    found = run(turned, by=("region",))
    assert found.cautions == ("upside_down",)
    assert set(found_of(found).values()) == {"undecided"}
    assert {one.why for one in found.features} == {"the scale may be upside down"}
    assert {one.kind for segment in found.segments[0].segments for one in segment.features} == {"undecided"}
    mended = run(turned, scale=(5, 1))
    assert found_of(mended) == kinds
    assert mended.scale == "5..1"
    believed = run(turned, scale=(1, 5))
    assert believed.cautions == ()
    assert found_of(believed)["on time"] == "reverse"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "small.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_one_respondent_gives_no_kind(tmp_path: Path) -> None:
    found = run(
        write(tmp_path, "id,region,asked,chat+,chat-", "a,Coast,2025-01-01,1,5"), by=("region",), wave="asked"
    )
    assert found.cautions == ("one_respondent",)
    assert (found.features[0].kind, found.features[0].why) == ("undecided", "too few answers")
    assert found.segments[0].segments[0].changes[0].verdict == "not enough data"
    assert found.drift is not None
    assert found.drift.changes[0].verdict == "not enough data"


def test_the_same_answer_from_everybody_is_said(tmp_path: Path) -> None:
    rows = [f"r{number},3,3,3,3,3,3" for number in range(40)]
    found = run(write(tmp_path, "id,a+,a-,b+,b-,c+,c-", *rows))
    assert found.cautions == ("same_answer",)
    assert found.same == 40
    assert found_of(found) == dict.fromkeys("abc", "indifferent")
    better = found.features[0].better
    assert isinstance(better, Estimate)
    assert (better.value, better.low) == (0.0, 0.0)
    assert 0.0 < better.high < 0.15


def test_half_of_the_pairs_missing_is_said_and_counted(tmp_path: Path) -> None:
    rows = [
        f"r{number},1,5,{'1,3' if number < 2 else ','},{'1' if number % 2 else ''}," for number in range(40)
    ]
    found = run(write(tmp_path, "id,a+,a-,b+,b-,c+,c-", *rows))
    assert found.cautions == ("missing",)
    assert found.unanswered == {"a": 0, "b": 38, "c": 40}
    assert found_of(found) == {"a": "performance", "b": "undecided", "c": "undecided"}
    assert found.features[2].counts.n == 0
    assert found.features[2].fong is None
    assert isinstance(found.features[2].better, NotEnough)
    half = found.file.unusable[0]
    assert (half.reason, half.column, half.count) == (
        "kept, but: only one of the two questions answered",
        "c",
        20,
    )


def test_rows_without_wave_or_segment_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [
        f"r{n},{'' if n < 3 else 'Coast'},{'' if n < 4 else '2025-0' + str(1 + n % 2) + '-01'},1,5"
        for n in range(20)
    ]
    found = run(write(tmp_path, "id,region,asked,chat+,chat-", *rows), by=("region",), wave="asked")
    assert found.features[0].counts.n == 20
    assert found.segments[0].left_out == 3
    assert found.drift is not None
    assert found.drift.left_out == 4


def test_the_largest_segments_are_shown(tmp_path: Path) -> None:
    rows = [f"r{n},{'s' + str(n % 20) if n < 200 else 's3'},1,5" for n in range(400)]
    (by,) = run(write(tmp_path, "id,region,chat+,chat-", *rows), by=("region",)).segments
    assert len(by.segments) == 12
    assert by.segments[0].name == "s3"
    assert by.left_out == 80


def test_a_period_without_waves_is_refused(questionnaire: Path) -> None:
    with pytest.raises(BadOption) as error:
        run(questionnaire, every="month")
    assert str(error.value) == "--every cuts waves, and no column of waves is given. Add --wave COLUMN."


def test_the_same_file_gives_the_same_result(questionnaire: Path) -> None:
    options = {"by": ("region",), "wave": "asked"}
    assert run(questionnaire, **options) == run(questionnaire, **options)
