"""The files of the sample business are whole, stable, and read as they are meant."""

import json
from pathlib import Path

import pytest

from forvent.errors import CannotWrite
from forvent.reading import read_episodes, read_voices
from forvent.records import Episode, ReadingReport, Voice
from forvent.simulate import SampleBusiness, sample_business, truth_json, write_sample


@pytest.fixture(scope="module")
def written(business: SampleBusiness, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_sample(business, tmp_path_factory.mktemp("shop") / "demo")


@pytest.fixture(scope="module")
def voices(written: tuple[Path, Path]) -> tuple[list[Voice], ReadingReport]:
    reader = read_voices(written[0])
    return list(reader), reader.report


@pytest.fixture(scope="module")
def episodes(written: tuple[Path, Path]) -> tuple[list[Episode], ReadingReport]:
    reader = read_episodes(written[1], by=("region", "shipping"))
    return list(reader), reader.report


def test_files_are_the_same_bytes_again(
    business: SampleBusiness, written: tuple[Path, Path], tmp_path: Path
) -> None:
    again = write_sample(business, tmp_path)
    for one, other in zip(written, again, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_another_seed_gives_other_bytes(tmp_path: Path) -> None:
    one = write_sample(sample_business(customers=40, seed=1), tmp_path / "one")
    other = write_sample(sample_business(customers=40, seed=2), tmp_path / "other")
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(one, other, strict=True))


def test_nothing_unfinished_is_left_and_old_files_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "voices.csv").write_text("old", encoding="utf-8")
    write_sample(sample_business(customers=10), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["episodes.csv", "truth.json", "voices.csv"]
    assert (tmp_path / "voices.csv").read_text("utf-8").startswith("id,date,customer,order,")


def test_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(CannotWrite) as caught:
        write_sample(sample_business(customers=10), tmp_path / "taken")
    assert str(caught.value) == (
        f"The sample business cannot be written to {tmp_path / 'taken'}: File exists. "
        "Choose a folder that you may write to."
    )


def test_languages_and_labels_are_not_in_the_files_that_are_read(written: tuple[Path, Path]) -> None:
    header = written[0].read_text("utf-8").splitlines()[0]
    assert header == "id,date,customer,order,channel,touchpoint,stars,comment"


def test_columns_are_guessed_right(
    voices: tuple[list[Voice], ReadingReport], episodes: tuple[list[Episode], ReadingReport]
) -> None:
    assert voices[1].mapping == {
        "text": "comment",
        "id": "id",
        "time": "date",
        "rating": "stars",
        "channel": "channel",
        "touchpoint": "touchpoint",
        "customer": "customer",
        "episode": "order",
    }
    assert episodes[1].mapping == {
        "episode": "order_id",
        "start": "ordered",
        "promised": "promised",
        "delivered": "delivered",
        "status": "status",
        "customer": "customer",
    }


def test_every_voice_is_read_as_it_can_be_used(
    business: SampleBusiness, voices: tuple[list[Voice], ReadingReport]
) -> None:
    read = [
        (voice.voice_id, voice.text, voice.rating_given, voice.time, voice.episode) for voice in voices[0]
    ]
    assert read == [
        (voice.id, voice.comment, voice.stars, voice.said_at, voice.order) for voice in business.voices
    ]


def test_every_order_is_read_as_it_was(
    business: SampleBusiness, episodes: tuple[list[Episode], ReadingReport]
) -> None:
    read = [
        (
            one.episode,
            one.start,
            one.promised.date() if one.promised else None,
            one.delivered,
            one.cancelled,
            one.by_day,
            one.groups["region"],
        )
        for one in episodes[0]
    ]
    assert read == [
        (one.order, one.ordered, one.promised, one.delivered, one.cancelled, True, one.region)
        for one in business.episodes
    ]


def test_flaws_are_told_as_often_as_they_were_put_in(
    business: SampleBusiness,
    voices: tuple[list[Voice], ReadingReport],
    episodes: tuple[list[Episode], ReadingReport],
) -> None:
    flaws = business.truth.flaws
    told = {
        unusable.reason: unusable.count for report in (voices[1], episodes[1]) for unusable in report.unusable
    }
    assert told == {
        "neither text nor rating": flaws["voices_without_text_and_stars"],
        "kept, but: rating outside its scale 1–5": flaws["voices_with_stars_outside_the_scale"],
        "kept, but: no possible date or time": flaws["voices_with_an_impossible_date"],
        "delivered before the start": flaws["episodes_delivered_before_ordered"],
        "start: no possible date or time": flaws["episodes_with_an_impossible_date"],
    }
    assert voices[1].repeated == flaws["voices_repeated"]
    assert episodes[1].repeated == flaws["episodes_repeated"]
    assert all(count > 0 for count in flaws.values())


def test_truth_is_written_beside_the_rows(business: SampleBusiness, written: tuple[Path, Path]) -> None:
    text = (written[0].parent / "truth.json").read_text("utf-8")
    assert text == truth_json(business)
    document = json.loads(text)
    assert document["version"] == 1
    assert document["truth"]["expectations"][0]["kind"] == "basic"
    assert document["truth"]["groups"][1]["days"]["0.95"] == 2
    assert document["truth"]["slow_from"] == "2026-05-31"
    first = business.voices[0]
    assert document["labels"][first.id] == {
        "language": first.language,
        "labels": [list(one) for one in first.labels],
    }
    assert len(document["labels"]) == len(business.voices)
