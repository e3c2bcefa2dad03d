"""Texts that nobody typed by hand, through the reader; and what its report says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from forvent.reading import VoiceReader, drops_row, read_voices
from forvent.reading.cells import without_heaps
from forvent.records import ReadingReport, Voice

Write = Callable[..., Path]
SPAM = "Visit our casino for the very best prizes in town and click now!"


def read(reader: VoiceReader) -> tuple[list[Voice], ReadingReport]:
    voices, report = list(reader), reader.report
    left_out = sum(entry.count for entry in report.unusable if drops_row(entry))
    assert report.rows == report.used + report.repeated + left_out == reader.rows
    return voices, report


def read_text(write: Write, text: str, *, mask: bool = False) -> tuple[str, ReadingReport]:
    lines = (
        json.dumps({"id": "1", "text": text}) + "\n" + json.dumps({"id": "2", "text": "fine by me"}) + "\n"
    )
    voices, report = read(read_voices(write(lines, name="v.jsonl"), columns={"text": "text"}, mask=mask))
    return voices[0].text, report


def reasons(report: ReadingReport) -> dict[str, int]:
    return {entry.reason: entry.count for entry in report.unusable}


def test_a_text_of_a_hundred_thousand_characters_is_whole(write: Write) -> None:
    long = "It came late. " * 7200
    assert read_text(write, long, mask=True)[0] == long.strip()


def test_ten_languages_and_emoji_alone_are_texts(write: Write) -> None:
    mixed = "late pozdě sent hilja ուշ 迟到 tarde spät поздно متأخر"
    assert read_text(write, mixed)[0] == mixed
    assert read_text(write, "👍🏽👩‍👩‍👧🎉")[0] == "👍🏽👩‍👩‍👧🎉"


def test_heaps_of_marks_are_thinned_and_told(write: Write) -> None:
    text, report = read_text(write, "l\u0300\u0301\u0302\u0303\u0304ate")
    assert text == "l\u0300\u0301ate"
    assert reasons(report) == {"kept, but: heaps of marks over letters left out": 1}


@pytest.mark.parametrize("text", ["pe\u0302\u0301t", "ที่นี่", "مُحَمَّد", "नहीं", "čšž"])
def test_marks_that_languages_need_stay(text: str) -> None:
    assert without_heaps(text).text == text


def test_surrogates_nulls_and_direction_marks_are_taken_out_and_told(write: Write) -> None:
    text, report = read_text(write, "la\ud83dte\x00 \u202eagain\u202c")
    assert text == "late again"
    assert report.notes == ("Control, direction or unpaired characters were taken out in rows 1.",)


def test_the_report_counts_mails_closings_and_pages(write: Write) -> None:
    text, report = read_text(write, "<p>Late.<br>Best regards,<br>Ann</p><blockquote>old</blockquote>")
    assert text == "Late."
    assert reasons(report) == {
        "kept, but: quoted words of others left out": 1,
        "kept, but: a signature or footer left out": 1,
    }
    assert report.notes == ("Texts with HTML, read as plain text: 1.",)


def test_spam_is_counted_once_whatever_its_ids_and_the_report_says_so(write: Write) -> None:
    spam = [f"{number},c{number},{SPAM},5" for number in range(10_000)]
    others = [
        f"x{number},c,The parcel number {number} came one day later than promised.,3" for number in range(30)
    ]
    path = write("\n".join(["id,customer,comment,stars", *spam, *others]))
    voices, report = read(read_voices(path))
    assert [voice.text for voice in voices].count(SPAM) == 1
    assert len(voices) == 31
    assert reasons(report) == {"repeated by machine, counted once": 9_999}
    assert report.notes[-1] == (
        "Texts repeated by machine, each counted once: 1. Each has 40 letters or more and comes more than "
        "20 times, and more than 10 times as often as other long texts of the file do."
    )


def test_short_words_that_many_people_say_stay(write: Write) -> None:
    rows = [f"{number},great" for number in range(300)]
    assert len(read(read_voices(write("\n".join(["id,comment", *rows]))))[0]) == 300


def test_a_column_of_set_answers_keeps_every_voice(write: Write) -> None:
    answers = [f"The answer that stands at place {letter} of a list of answers" for letter in "abcdef"]
    rows = [f"{number},{answers[number % 6]}" for number in range(600)]
    voices, _ = read(read_voices(write("\n".join(["id,comment", *rows])), columns={"text": "comment"}))
    assert len(voices) == 600


def test_chinese_spam_is_shorter(write: Write) -> None:
    rows = [f"{number},本店最新优惠活动请点击链接领取奖品" for number in range(50)] + ["x,送货很慢"]
    assert (
        len(read(read_voices(write("\n".join(["id,comment", *rows])), columns={"text": "comment"}))[0]) == 2
    )


def test_personal_data_is_masked_and_counted_on_demand_and_ids_stay(write: Write) -> None:
    path = write(
        "comment,stars\nCall me on +420 777 123 456 please,2\nHi Martin, thanks; mail a@b.example,5\n"
    )
    path = write('comment,stars\n"Call me on +420 777 123 456 please",2\n"Hi Martin, mail a@b.example",5\n')
    plain, bare = read(read_voices(path))
    voices, report = read(read_voices(path, mask=True))
    assert [voice.text for voice in voices] == ["Call me on [phone] please", "Hi [name], mail [e-mail]"]
    assert [voice.voice_id for voice in voices] == [voice.voice_id for voice in plain]
    assert (report.masked, bare.masked) == ({"e-mail": 1, "name": 1, "phone": 1}, {})


def test_a_competitor_is_read_and_ones_own_name_is_none(write: Write) -> None:
    path = write(
        "id,comment,competitor\n1,too slow for me,Rival s.r.o.\n2,fine and quick,\n3,good enough,Our Shop\n"
    )
    voices, report = read(read_voices(path, own_name="our shop"))
    assert [voice.competitor for voice in voices] == ["Rival s.r.o.", None, None]
    assert report.mapping["competitor"] == "competitor"


def test_a_brand_that_every_row_has_is_no_competitor_unless_named(write: Write) -> None:
    full = "id,comment,brand\n1,too slow for me,A\n2,fine and quick,B\n"
    assert "competitor" not in read(read_voices(write(full)))[1].mapping
    assert read(read_voices(write(full), columns={"competitor": "brand"}))[0][0].competitor == "A"
    assert "competitor" in read(read_voices(write(full.replace(",B", ","))))[1].mapping
