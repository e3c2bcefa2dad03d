"""All files of a run, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from forvent.errors import CannotWrite
from forvent.runs.outputs import together


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def half_written(folder: Path, stop: BaseException) -> None:
    with together(folder) as unfinished:
        (unfinished / "a.txt").write_text("half")
        (unfinished / "b.txt").write_text("half")
        raise stop


def test_all_files_arrive_when_the_block_ends_well(tmp_path: Path) -> None:
    with together(tmp_path / "out") as unfinished:
        (unfinished / "a.txt").write_text("a")
        (unfinished / "b.txt").write_text("b")
        assert not (tmp_path / "out/a.txt").exists()
    assert contents(tmp_path) == {"out/a.txt": "a", "out/b.txt": "b"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.txt", "b.txt"]


def test_files_of_the_same_name_are_replaced_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    with together(str(tmp_path)) as unfinished:
        (unfinished / "a.txt").write_text("new")
    assert contents(tmp_path) == {"a.txt": "new", "mine.txt": "mine"}


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_when_the_block_is_stopped(tmp_path: Path, stop: type[BaseException]) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(stop):
        half_written(tmp_path, stop())
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert contents(tmp_path) == {"a.txt": "old"}


def test_a_folder_that_was_made_goes_again_when_the_block_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        half_written(tmp_path / "new/deeper", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(ValueError, match="stop"), together(tmp_path / "mine"):
        raise ValueError("stop")
    assert (tmp_path / "mine").is_dir()


def test_a_file_in_the_way_of_the_folder_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotWrite) as refused, together(tmp_path / "out"):
        pytest.fail("there is no folder to write to")
    assert str(refused.value) == (
        f"Could not write to '{tmp_path / 'out'}': File exists. "
        "Choose another folder with --out, or free some space."
    )
    assert (tmp_path / "out").read_text() == "a file"


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotWrite, match="Not a directory"), together(tmp_path / "out/deeper"):
        pytest.fail("there is no folder to write to")


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="No space left on device"):
        half_written(tmp_path, OSError(28, "No space left on device"))
    assert list(tmp_path.iterdir()) == []
