"""The command line: what it writes, what it says, and the status it ends with."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import forvent
from forvent.cli import GROUPS, _parser, main
from forvent.language.encoder import Vectors
from forvent.rows import mentions_schema

VOICES = (
    "id,comment,stars,order_id\n"
    "1,The parcel came four days late.,1,O1\n"
    "2,The staff were very friendly.,5,O2\n"
    '3,"=HYPERLINK(""late"")",3,O3\n'
    "4,快递太慢了,2,O4\n"
    "5,ok,4,O5\n"
)
EPISODES = "order_id,ordered,promised,delivered,region\n" + "".join(
    f"O{place},2026-01-{place:02d} 10:00,2026-01-{place + 3:02d},2026-01-{place + 2:02d} 09:00,Coast\n"
    for place in range(1, 26)
)
ENTRY = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
ENTRY += "from forvent.cli import main; sys.exit(main(sys.argv[1:]))"


def commands_of(parser: argparse.ArgumentParser) -> set[str]:
    (choices,) = (action.choices for action in parser._actions if isinstance(action.choices, dict))
    return set(choices)


def test_each_command_stands_under_the_room_that_adds_it() -> None:
    listed = [name for names in GROUPS.values() for name in names]
    assert set(listed) <= commands_of(_parser())
    for names in GROUPS.values():
        assert commands_of(_parser(names[0])) == set(names)


def test_identify_loads_neither_the_loop_nor_the_report() -> None:
    check = "from forvent.cli import _parser; import sys; _parser('identify'); "
    check += "sys.exit(bool({'forvent.loop', 'forvent.report', 'lightgbm'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.fixture
def voices(tmp_path: Path) -> str:
    path = tmp_path / "voices.csv"
    path.write_text(VOICES, encoding="utf-8")
    return str(path)


@pytest.fixture
def episodes(tmp_path: Path) -> str:
    path = tmp_path / "episodes.csv"
    path.write_text(EPISODES, encoding="utf-8")
    return str(path)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --------------------------------------------------------------------------------- what it writes

pretending = pytest.mark.usefixtures("only_pretend")


@pretending
def test_report_writes_page_findings_and_mentions(
    voices: str, episodes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["report", voices, "--episodes", episodes, "--by", "region", "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "chain.parquet", "episodes.parquet", "findings.json", "mentions.parquet", "report.html",
        "voices.parquet",
    ]  # fmt: skip
    assert (out / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert json.loads((out / "findings.json").read_text(encoding="utf-8"))["level"] == 0.95
    assert pq.read_table(out / "mentions.parquet").num_columns == len(mentions_schema())
    shown = capsys.readouterr()
    assert str(out / "report.html") in shown.out
    first, second, note = shown.err.splitlines()
    assert first == (
        "Columns guessed: text=comment, id=id, rating=stars, episode=order_id (change with --map)"
    )
    assert second.startswith("Columns guessed: episodes.episode=order_id, episodes.start=ordered, ")
    assert note == "  Promises name a day without a time of day: they are kept until the end of that day."


@pretending
def test_report_speaks_the_language_that_is_asked_for(
    voices: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", voices, "--language", "nb", "--out", str(tmp_path / "out")]) == 0
    assert 'lang="nb"' in (tmp_path / "out/report.html").read_text(encoding="utf-8")


@pretending
def test_identify_writes_mentions_and_voices(
    voices: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mentions, said = tmp_path / "new/mentions.jsonl", tmp_path / "new/voices.jsonl"
    assert main(["identify", voices, "--out", str(mentions), "--voices-out", str(said)]) == 0
    assert [line["voice_id"] for line in lines(said)] == ["1", "2", "3", "4", "5"]
    assert [line["language"] for line in lines(said)][3] == "zh"
    assert all(
        [*line] == ["voice_id", "language", "polarity", "confidence", "act", "doubtful"]
        for line in lines(said)
    )
    texts = dict(
        zip(
            "12345",
            (
                "The parcel came four days late.",
                "The staff were very friendly.",
                '=HYPERLINK("late")',
                "快递太慢了",
                "ok",
            ),
            strict=True,
        )
    )
    for line in lines(mentions):
        assert texts[str(line["voice_id"])][int(str(line["start"])) : int(str(line["end"]))] == line["quote"]
    assert sorted(path.name for path in mentions.parent.iterdir()) == ["mentions.jsonl", "voices.jsonl"]
    assert "5 voices of 5 rows" in capsys.readouterr().out


@pretending
def test_identify_writes_into_the_folder_one_stands_in(
    voices: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["identify", voices, "--out", "mentions.jsonl"]) == 0
    assert (tmp_path / "mentions.jsonl").exists()


def test_identify_with_the_bundled_encoder_in_a_process_of_its_own(voices: str, tmp_path: Path) -> None:
    out = tmp_path / "mentions.jsonl"
    done = started(["identify", voices, "--out", str(out)]).communicate(timeout=120)
    assert done[0] == f"5 voices of 5 rows\n{out}\n"
    assert said_beside_guesses(done[1]) == []
    found = {(line["voice_id"], line["expectation"], line["polarity"]) for line in lines(out)}
    assert {("1", "on_time", "unmet"), ("2", "friendly_staff", "met")} <= found


@pretending
def test_a_map_names_the_columns_of_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "v.csv").write_text("x,y,z\n1,The staff were rude.,1\n2,It came late.,5\n", encoding="utf-8")
    (tmp_path / "e.csv").write_text("k,a,b,c\n1,2026-01-01,2026-01-05,2026-01-03\n", encoding="utf-8")
    mapping = ["text=y", "voices.id=x", "rating=z"]
    mapping += ["episodes.episode=k", "episodes.start=a", "episodes.promised=b", "episodes.delivered=c"]
    given = [part for one in mapping for part in ("--map", one)]
    out = tmp_path / "out"
    files = [str(tmp_path / "v.csv"), "--episodes", str(tmp_path / "e.csv")]
    assert main(["report", *files, *given, "--scale", "1..5", "--out", str(out)]) == 0
    findings = json.loads((out / "findings.json").read_text(encoding="utf-8"))
    assert findings["voices"]["mapping"] == {"id": "x", "text": "y", "rating": "z"}
    assert findings["episodes"]["mapping"]["promised"] == "b"


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"forvent {forvent.__version__}\n"


# ------------------------------------------------------------------------- input that cannot be used


def said_beside_guesses(errors: str) -> list[str]:
    """Lines of the error stream without the columns that were guessed and the notes on them."""
    return [line for line in errors.splitlines() if not line.startswith(("Columns guessed: ", "  "))]


def refused(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of input that cannot be used: one line on the error stream, nothing else."""
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = said_beside_guesses(shown.err)
    assert line.startswith("forvent: ")
    return line.removeprefix("forvent: ")


@pretending
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be opened (No such file or directory)"),
        ("", "is empty"),
        ("\x00\x01\x02\x03" * 100, ""),
        ("id,stars\n1,5\n2,4\n", "text"),
        ("id,comment\n", ""),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_message(
    content: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "feedback.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    for command, out in (("report", "out"), ("identify", "out/mentions.jsonl")):
        message = refused([command, str(path), "--out", str(tmp_path / out)], capsys)
        assert said in message
        assert "feedback.csv" in message
    assert not (tmp_path / "out").exists()


@pretending
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--map", "text"], "'--map text' names no column. Write it as --map text=comment."),
        (["--map", "=comment"], "'--map =comment' names no column. Write it as --map text=comment."),
        (["--map", "text="], "'--map text=' names no column. Write it as --map text=comment."),
        (["--map", "text=missing"], "missing"),
        (["--map", "colour=comment"], "colour"),
        (["--level", "2"], "A level of 2 is not between 0 and 1. Give a share, such as 0.95."),
        (
            ["--owner", "late=carrier"],
            "--by, --owner and --map episodes.… speak of episodes, and no file of episodes is given. "
            "Add --episodes FILE, or leave them out.",
        ),
        (["--scale", "1-5"], "'--scale 1-5' is no scale. Write it as --scale 1..5."),
        (["--scale", "3..3"], "'--scale 3..3' has no two ends. Write it as --scale 1..5."),
        (
            ["--encoder", "best"],
            "There is no encoder called 'best'. Use one of: exact, fast; or your own: ",
        ),
    ],
)
def test_an_option_that_cannot_be_is_one_clear_message(
    options: list[str], message: str, voices: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refused(["report", voices, *options, "--out", str(tmp_path / "out")], capsys)
    assert not (tmp_path / "out").exists()


@pretending
def test_a_group_column_that_is_not_there_is_told(
    voices: str, episodes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["report", voices, "--episodes", episodes, "--by", "planet", "--out", str(tmp_path / "out")]
    assert "planet" in refused(given, capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("given", [["--by", "region"], ["--map", "episodes.promised=due"]])
def test_an_option_about_episodes_without_any_is_told(
    given: list[str], voices: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refused(["report", voices, *given, "--out", str(tmp_path / "out")], capsys)
    assert message == (
        "--by, --owner and --map episodes.… speak of episodes, and no file of episodes is given. "
        "Add --episodes FILE, or leave them out."
    )


@pretending
def test_a_place_that_cannot_be_written_is_told(
    voices: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    message = refused(["report", voices, "--out", str(tmp_path / "file")], capsys)
    assert message.startswith(f"Could not write to '{tmp_path / 'file'}': File exists.")
    below = str(tmp_path / "file/mentions.jsonl")
    assert "Could not write to" in refused(["identify", voices, "--out", below], capsys)
    (tmp_path / "folder").mkdir()
    assert "Could not write to" in refused(["identify", voices, "--out", str(tmp_path / "folder")], capsys)
    assert [*(tmp_path / "folder").iterdir()] == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["nothing"], ["report"], ["report", "v.csv"], ["report", "v.csv", "--out", "o", "--level", "high"]],
)
def test_a_command_that_is_no_command_ends_with_two_and_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: forvent")


# ------------------------------------------------------------------------------------------ Ctrl-C


class Interrupted:
    """An encoder during which somebody presses Ctrl-C."""

    name = "exact"
    size = 384

    def encode(self, _texts: Sequence[str]) -> Vectors:
        raise KeyboardInterrupt


@pytest.mark.parametrize("command", ["report", "identify"])
def test_ctrl_c_leaves_nothing_half_written(
    command: str,
    voices: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(forvent.get_encoder.__globals__["_ENCODERS"], "exact", Interrupted)
    out = tmp_path / "out"
    target = out if command == "report" else out / "mentions.jsonl"
    assert main([command, voices, "--out", str(target)]) == 130
    assert not out.exists()
    assert said_beside_guesses(capsys.readouterr().err) == ["forvent: stopped; nothing was written."]


def started(arguments: Sequence[str]) -> subprocess.Popen[str]:
    """The command in a process of its own that hears Ctrl-C even where the tests do not."""
    return subprocess.Popen(
        [sys.executable, "-c", ENTRY, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_a_real_ctrl_c_in_the_middle_keeps_what_was_there_before(tmp_path: Path) -> None:
    many = "".join(f"{place},It came {place} days late and nobody said why,1\n" for place in range(20_000))
    (tmp_path / "many.csv").write_text("id,comment,stars\n" + many, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("the report of yesterday")
    process = started(["report", str(tmp_path / "many.csv"), "--out", str(out)])
    deadline = time.monotonic() + 60
    while not [*out.glob(".unfinished-*/mentions.parquet")] and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert said_beside_guesses(said) == ["forvent: stopped; nothing was written."]
    assert [path.name for path in out.iterdir()] == ["report.html"]
    assert (out / "report.html").read_text() == "the report of yesterday"


def test_a_reader_that_goes_away_is_no_error(voices: str, tmp_path: Path) -> None:
    process = started(["identify", voices, "--out", str(tmp_path / "mentions.jsonl")])
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=300) in (0, 120)
    assert not re.search(r"Traceback", said)
