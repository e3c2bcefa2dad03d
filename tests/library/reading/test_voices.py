from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from forvent.errors import BadOption, MissingColumn, NothingUsable, UnreadableFile
from forvent.reading import VoiceReader, drops_row, read_voices
from forvent.reading.voice_rows import language_code
from forvent.records import ReadingReport, Scale, Voice

Write = Callable[..., Path]


def read(reader: VoiceReader) -> tuple[list[Voice], ReadingReport]:
    voices = list(reader)
    report = reader.report
    left_out = sum(entry.count for entry in report.unusable if drops_row(entry))
    assert report.rows == report.used + report.repeated + left_out == reader.rows
    assert len({voice.voice_id for voice in voices}) == report.used == len(voices)
    return voices, report


def counted(report: ReadingReport) -> list[tuple[str, tuple[int, ...]]]:
    return [(entry.reason, entry.rows) for entry in report.unusable]


def test_reads_all_that_a_row_says(write: Write) -> None:
    header = "id,created_at,stars,title,comment,source,touchpoint,user_email,lang,order_id\n"
    row = '7,2024-05-01T12:00:00+02:00,4,Slow,"It came late, but whole",web,delivery,a@b.example,pt-BR,1001\n'
    voices, report = read(read_voices(write(header + row)))
    assert voices == [
        Voice(
            voice_id="7",
            text="Slow\nIt came late, but whole",
            row=2,
            time=datetime(2024, 5, 1, 10),
            rating=0.75,
            rating_given=4.0,
            channel="web",
            touchpoint="delivery",
            customer="a@b.example",
            language="pt",
            episode="1001",
        )
    ]
    assert set(report.guessed) == set(report.mapping)
    assert (report.format, report.encoding, report.scale) == ("CSV (comma)", "utf-8", Scale(1, 5))


def test_a_rating_without_words_is_a_voice_and_neither_is_none(write: Write) -> None:
    voices, report = read(read_voices(write("id,comment,stars\n1,,5\n2,fine,\n3,,\n4,#N/A,n/a\n")))
    assert [(voice.text, voice.rating) for voice in voices] == [("", 1.0), ("fine", None)]
    assert ("neither text nor rating", (4, 5)) in counted(report)


def test_a_text_that_says_nothing_is_still_a_text(write: Write) -> None:
    voices, _ = read(read_voices(write("id,comment\n1,none\n2,-\n3,n/a\n")))
    assert [voice.text for voice in voices] == ["none", "-", "n/a"]


def test_a_title_that_only_repeats_the_beginning_is_left_off(write: Write) -> None:
    content = "id,title,comment\n1,It came…,It came late\n2,Late,It came late\n3,Late,\n"
    voices, _ = read(read_voices(write(content)))
    assert [voice.text for voice in voices] == ["It came late", "Late\nIt came late", "Late"]


def test_one_voice_read_twice_is_one(write: Write) -> None:
    voices, report = read(read_voices(write("id,comment\n1,late\n1,late\n2,late\n")))
    assert [voice.voice_id for voice in voices] == ["1", "2"]
    assert report.repeated == 1


def test_one_id_with_different_words_is_two_voices_and_is_told(write: Write) -> None:
    voices, report = read(
        read_voices(write("id,comment\n1,late\n1,never came\n1,late\n1,never came\n1,broken\n"))
    )
    assert [voice.voice_id for voice in voices] == ["1", "1#2", "1#3"]
    assert report.repeated == 2
    assert counted(report) == [("kept, but: same id, different content", (3, 6))]


def test_without_ids_one_customer_at_one_time_with_the_same_words_is_one_voice(write: Write) -> None:
    content = "comment,date,customer\nok,2024-05-01,a\nok,2024-05-01,a\nok,2024-05-01,b\nok,2024-05-02,a\n"
    voices, report = read(read_voices(write(content)))
    assert [voice.row for voice in voices] == [2, 4, 5]
    assert report.repeated == 1


def test_without_ids_the_made_up_ids_are_the_same_in_every_run(write: Write) -> None:
    path = write("comment,stars\nok,5\nok,5\nIt came late,1\n")
    first, second = (list(read_voices(path)) for _ in range(2))
    assert first == second
    assert [voice.voice_id.partition("#")[2] for voice in first] == ["", "2", ""]


def test_without_anything_to_know_people_by_short_answers_are_kept_and_long_ones_are_one(
    write: Write,
) -> None:
    long = "The parcel was a week late and nobody told us anything"
    voices, report = read(read_voices(write(f"comment,stars\nok,5\nok,5\n{long},1\n{long},1\n")))
    assert [voice.row for voice in voices] == [2, 3, 4]
    assert report.repeated == 1
    assert report.notes == (
        "1 short texts or bare ratings are like an earlier one, without id, customer, order or time of day "
        "to tell whether they are the same voice; they were kept.",
    )


def test_many_equal_ratings_without_words_stay_as_many_voices(write: Write) -> None:
    path = write("comment,stars\n" + ",5\n" * 5_000 + "late,1\n")
    voices, _ = read(read_voices(path))
    assert len(voices) == 5_001


def test_a_rating_outside_its_scale_is_counted_and_the_voice_kept(write: Write) -> None:
    rows = "".join(f"{number},text {number},{number % 5 + 1}\n" for number in range(30))
    voices, report = read(read_voices(write(f"id,comment,stars\n{rows}90,slow,7\n91,fine,abc\n")))
    assert [(voice.rating, voice.rating_given) for voice in voices[-2:]] == [(None, None), (None, None)]
    assert [(entry.reason, entry.rows, entry.column, entry.example) for entry in report.unusable] == [
        ("kept, but: rating is no number, stars or known word", (33,), "stars", None),
        ("kept, but: rating outside its scale 1–5", (32,), "stars", "7"),
    ]


def test_a_scale_named_by_a_person_holds(write: Write) -> None:
    voices, report = read(
        read_voices(write("id,comment,mark\n1,a,1\n2,b,5\n3,c,6\n"), columns={"rating": "mark"}, scale=(5, 1))
    )
    assert [voice.rating for voice in voices] == [1.0, 0.0, None]
    assert report.scale == Scale(5, 1, guessed=False)
    assert counted(report) == [("kept, but: rating outside its scale 5–1", (4,))]


def test_refuses_a_scale_without_length(write: Write) -> None:
    with pytest.raises(BadOption) as bad:
        read_voices(write("id,comment\n1,a\n"), scale=(3, 3))
    assert str(bad.value) == "A scale from 3 to 3 has no length. Give two numbers."


def test_every_row_may_have_its_own_scale(write: Write) -> None:
    records = [{"text": "a", "rating": 4, "rating_max": 5}, {"text": "b", "rating": 80, "rating_max": 100}]
    lines = "".join(
        json.dumps(record) + "\n" for record in [*records, {"text": "c", "rating": None, "rating_max": None}]
    )
    voices, _ = read(read_voices(write(lines, name="v.jsonl")))
    assert [voice.rating for voice in voices] == [0.75, 0.8, None]


def test_an_impossible_time_is_counted_and_the_voice_kept(write: Write) -> None:
    dates = ["2024-03-01", "1.3.2024", "3/25/2024", "2024年3月1日", "45352", "31.02.2024", "someday"]
    rows = "".join(f"{number},text {number},{when}\n" for number, when in enumerate(dates))
    voices, report = read(read_voices(write("id,comment,date\n" + rows)))
    march = datetime(2024, 3, 1)
    assert [voice.time for voice in voices] == [march, march, datetime(2024, 3, 25), march, march, None, None]
    assert [(entry.reason, entry.rows, entry.example) for entry in report.unusable] == [
        ("kept, but: no possible date or time", (7, 8), "31.02.2024")
    ]


def test_doubtful_dates_are_told_before_reading(write: Write) -> None:
    reader = read_voices(write("id,comment,date\n1,a,3/4/2024\n2,b,5/6/2024\n"))
    assert reader.notes == (
        "Dates such as 3/4/2024 were read with the day first; nothing in the file decides it.",
    )


def test_takes_out_characters_that_deceive_and_says_in_which_rows(write: Write) -> None:
    content = "id,comment\n1,a\x00b\x07c\n2,\u202eecin\n3,שלום\n4,plain\n" + "".join(
        f"{n},x\n" for n in range(5, 60)
    )
    voices, report = read(read_voices(write(content)))
    assert [voice.text for voice in voices[:4]] == ["abc", "ecin", "שלום", "plain"]
    assert report.notes == ("Control, direction or unpaired characters were taken out in rows 2, 3.",)


def test_reads_a_formula_as_words_and_an_error_value_as_nothing(write: Write) -> None:
    content = "id,comment,stars\n1,=SUM(A1:A9),5\n2,#REF!,4\n3,fine,#DIV/0!\n4,\"=cmd|'/c calc'!A1\",1\n"
    voices, report = read(read_voices(write(content)))
    assert [(voice.text, voice.rating) for voice in voices] == [
        ("=SUM(A1:A9)", 1.0),
        ("", 0.75),
        ("fine", None),
        ("=cmd|'/c calc'!A1", 0.0),
    ]
    assert counted(report) == [("kept, but: a spreadsheet error stands in place of words", (3,))]


def test_damaged_rows_are_counted_with_their_numbers_and_cost_no_other(write: Write) -> None:
    endless = "x" * 1_500_000
    content = f"id,comment,stars\n1,fine,5\n2,short\n3,too,4,many\n4,{endless},1\n5,\ud83d,\n6,ok,3,,\n"
    path = write(content.encode("utf-8", "surrogatepass").replace(b"\xed\xa0\xbd", b"?"))
    voices, report = read(read_voices(path))
    assert [voice.row for voice in voices] == [2, 6, 7]
    assert counted(report) == [
        ("a cell of more than 1,000,000 characters", (5,)),
        ("fewer cells than columns", (3,)),
        ("more cells than columns", (4,)),
    ]


def test_two_encodings_in_one_file_are_read_and_told(write: Write) -> None:
    good = "".join(f"{number},Zásilka přišla pozdě a řidič nic neřekl\n" for number in range(9))
    content = b"id,comment\n" + good.encode() + "9,Žádné výtky\n".encode("cp1250") + b"10,\x81\x8d\xff\xfe\n"
    voices, report = read(read_voices(write(content)))
    assert voices[-1].text == "Žádné výtky"
    assert report.encoding == "utf-8"
    assert counted(report) == [("characters that cannot be decoded", (12,))]
    assert report.notes == ("Lines that are not utf-8, read as cp1250: 2.",)


def test_no_column_of_words_is_an_error_that_names_the_columns(write: Write) -> None:
    with pytest.raises(MissingColumn) as missing:
        read_voices(write("id,price,stars\n1,3.5,5\n"))
    assert str(missing.value) == (
        "voices.csv has no column that looks like text. Its columns: id, price, stars. "
        "Name it: text=COLUMN. To read ratings alone, say text=-."
    )


def test_ratings_alone_are_read_when_asked_for(write: Write) -> None:
    path = write("id,price,stars\n1,3.5,5\n2,4.5,1\n")
    voices, _ = read(read_voices(path, columns={"text": "-"}))
    assert [(voice.text, voice.rating) for voice in voices] == [("", 1.0), ("", 0.0)]
    with pytest.raises(MissingColumn, match="no column that looks like a rating"):
        read_voices(path, columns={"text": "-", "rating": "-"})


def test_a_header_without_rows_is_refused(write: Write) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_voices(write("id,comment\n\n"))
    assert str(refused.value) == "voices.csv has a header but no rows. Choose a file with at least one row."


def test_a_file_of_which_nothing_can_be_used_is_an_error_that_says_why(write: Write) -> None:
    reader = read_voices(write("id,comment,stars\n1,,\n2,,\n3\n"))
    with pytest.raises(NothingUsable) as nothing:
        list(reader)
    assert str(nothing.value) == (
        "None of the 3 rows of voices.csv can be used: "
        "neither text nor rating (2); fewer cells than columns (1). "
        "Columns were read as text=comment, id=id, rating=stars; name others if that is wrong."
    )


def test_the_report_comes_after_the_last_voice(write: Write) -> None:
    reader = read_voices(write("id,comment\n1,a\n2,b\n"))
    batches = reader.batches(size=1)
    next(batches)
    with pytest.raises(BadOption) as early:
        _ = reader.report
    assert str(early.value) == "The report is there once all voices were read. Read the batches to their end."
    list(batches)
    assert reader.report.used == 2


def test_batches_are_full_rows_of_the_file_and_tell_how_far_they_are(write: Write) -> None:
    steps: list[tuple[int, int | None]] = []
    path = write(gzip.compress(b"id,comment\n" + b"".join(b"%d,text\n" % number for number in range(2500))))
    reader = read_voices(path, progress=lambda done, total: steps.append((done, total)))
    assert [len(batch) for batch in reader.batches(size=1000)] == [1000, 1000, 500]
    assert steps == [(1000, 2500), (2000, 2500), (2500, 2500)]


def test_reading_again_gives_the_same(write: Write) -> None:
    reader = read_voices(write("id,comment\n1,a\n1,b\n1,a\n"))
    first, report = read(reader)
    assert (first, report) == read(reader)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("zh_CN", "zh"),
        ("NO", "nb"),
        ("Czech", "cs"),
        ("eesti", "et"),
        ("cz", "cs"),
        ("?", None),
    ],
)
def test_languages_become_codes(given: str, code: str | None) -> None:
    assert language_code(given) == code
