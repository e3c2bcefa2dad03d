"""A model file gives the same offers back, runs nothing, and is refused in words whatever is in it."""

from __future__ import annotations

import io
import json
import math
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.adjust.history import History
from forvent.adjust.promise.learn import learn
from forvent.adjust.promise.model import PromiseModel
from forvent.adjust.promise.model_file import FORMAT, load_model, save_model
from forvent.errors import CannotWrite, TooFewObservations, UnreadableFile
from forvent.records import NotEnough

Record = Callable[..., History]
Arrays = dict[str, Any]
AT = datetime(2024, 7, 1, 9)
GIVEN = {"kind": "sofa", "size": 2.5, "promised": 11.0}
TREES = "log-middle"


@pytest.fixture(scope="module")
def saved(model: PromiseModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "promise.forvent"
    save_model(model, path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.forvent"


def arrays_of(saved: Path) -> Arrays:
    with np.load(saved, allow_pickle=False) as loaded:
        return {name: loaded[name] for name in loaded.files}


def with_header(saved: Path, path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The same model with something else in its header."""
    arrays = arrays_of(saved)
    header = json.loads(arrays["header"].tobytes())
    change(header)
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    write(path, arrays)


def write(path: Path, arrays: Arrays) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        load_model(path)
    return str(refused.value)


def damaged(path: Path) -> str:
    return f"{path} is no model of a promise, or it is damaged. Fit it again: forvent promise fit."


NO_TREES = "The trees in this model file do not fit together. Fit the model again: forvent promise fit."


# What comes back


@pytest.mark.parametrize(
    "given", [GIVEN, {}, {"kind": "boat"}, {"kind": "", "size": None}, {"promised": 3.0, "size": -1e9}]
)
def test_a_model_from_a_file_offers_the_same(
    model: PromiseModel, saved: Path, given: dict[str, str | float | None]
) -> None:
    loaded = load_model(saved)
    assert loaded.offer(given, at=AT, explain=True) == model.offer(given, at=AT, explain=True)


def test_a_model_from_a_file_holds_all_that_was_saved(model: PromiseModel, saved: Path, path: Path) -> None:
    loaded = load_model(saved)
    for name in ("groups", "factors", "like", "unit", "level", "n", "as_of", "kept", "columns", "usual"):
        assert getattr(loaded, name) == getattr(model, name)
    np.testing.assert_array_equal(loaded.offsets, model.offsets)
    np.testing.assert_array_equal(loaded.trust, model.trust)
    save_model(loaded, path)
    assert {name: one.tobytes() for name, one in arrays_of(path).items()} == {
        name: one.tobytes() for name, one in arrays_of(saved).items()
    }


def test_a_kept_share_that_is_not_known_and_opening_hours_come_back(model: PromiseModel, path: Path) -> None:
    calendar = calendar_from(
        "mon-fri 09:00-17:00", zone="Europe/Oslo", holidays="NO", closed=[date(2024, 7, 2)]
    )
    why = NotEnough(n=3, needed=30, why="too few promises could be tried along the record")
    changed = replace(model, kept=why, calendar=calendar)
    save_model(changed, path)
    loaded = load_model(path)
    assert loaded.kept == why
    assert loaded.calendar is not None
    assert loaded.offer(GIVEN, at=AT) == changed.offer(GIVEN, at=AT)
    assert loaded.offer(GIVEN, at=AT).zone == "Europe/Oslo"


def test_ways_that_cannot_promise_and_ways_with_nothing_to_say_come_back(
    model: PromiseModel, path: Path
) -> None:
    offsets = model.offsets.copy()
    offsets[:, 1], offsets[:, 2] = np.inf, np.nan
    save_model(replace(model, offsets=offsets), path)
    np.testing.assert_array_equal(load_model(path).offsets, offsets)


def test_a_model_none_of_whose_ways_can_promise_says_so_and_not_inf(model: PromiseModel, path: Path) -> None:
    save_model(replace(model, offsets=np.full_like(model.offsets, np.inf)), path)
    with pytest.raises(TooFewObservations, match="The model can say nothing of such a case"):
        load_model(path).offer(GIVEN, at=AT)


def test_names_and_levels_of_any_script_come_back(model: PromiseModel, path: Path) -> None:
    factors = ({'мебель “\\"\n': 1.5, "家具": 0.5},)
    save_model(replace(model, factors=factors), path)
    assert load_model(path).factors == factors


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(model: PromiseModel, path: Path) -> None:
    path.write_text("something else")
    save_model(model, str(path))
    assert load_model(str(path)).n == model.n
    assert [one.name for one in path.parent.iterdir()] == ["model.forvent"]


def test_says_where_it_cannot_write(model: PromiseModel, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as refused:
        save_model(model, tmp_path / "nowhere" / "model.forvent")
    assert str(refused.value) == (
        f"The model cannot be written to {tmp_path / 'nowhere' / 'model.forvent'}: "
        "No such file or directory. Choose another place."
    )


@pytest.mark.usefixtures("seldom")
def test_a_model_of_many_groups_and_columns_is_small(waits: Record, path: Path) -> None:
    history = waits(2_500, seed=8)
    rng = np.random.default_rng(8)
    columns = dict(history.columns) | {
        "state": np.array([f"state {place}" for place in range(27)])[rng.integers(0, 27, history.n)],
        **{f"number {place}": rng.normal(size=history.n) for place in range(3)},
    }
    assert len(columns) == 6
    save_model(learn(replace(history, columns=columns), level=0.9, by="state", each_group=True), path)
    assert path.stat().st_size < 300_000


# What is refused


def test_a_file_that_is_not_there(path: Path) -> None:
    assert refusal(path) == f"There is no file {path}. Fit a model first: forvent promise fit."


def test_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == damaged(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"PK\x05\x06" + bytes(18), b"PK\x03\x04", np.random.default_rng(1).bytes(5_000)],
    ids=["empty", "json", "empty archive", "begun archive", "random"],
)
def test_a_file_that_is_something_else(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert refusal(path) == damaged(path)


def test_a_file_that_was_cut_off(saved: Path, path: Path) -> None:
    whole = saved.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        path.write_bytes(whole[: int(share * len(whole))])
        assert refusal(path) == damaged(path)


class Touches:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["header", "trust", f"{TREES}.value", "one more"])
def test_a_pickle_in_the_archive_is_never_opened(saved: Path, path: Path, tmp_path: Path, name: str) -> None:
    touched = tmp_path / "touched"
    write(path, arrays_of(saved) | {name: np.array([Touches(touched)], dtype=object)})
    assert refusal(path) == damaged(path)
    assert not touched.exists()


def test_a_bare_pickle_is_never_opened(path: Path, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    path.write_bytes(pickle.dumps(Touches(touched)))
    assert refusal(path) == damaged(path)
    assert not touched.exists()


def test_another_version(saved: Path, path: Path) -> None:
    with_header(saved, path, lambda header: header.update(format="forvent/promise/2"))
    assert refusal(path) == (
        f"{path} is a model of the format “forvent/promise/2”; this version reads “{FORMAT}”. "
        "Fit it again: forvent promise fit."
    )


def test_an_archive_that_unpacks_to_more_than_a_model_ever_would(path: Path) -> None:
    write(path, {"header": np.zeros(70_000_000, dtype=np.uint8)})
    assert path.stat().st_size < 100_000
    assert refusal(path) == (
        f"{path} unpacks to 70,000,128 bytes; a model of a promise is far smaller. "
        "Fit it again: forvent promise fit."
    )


@pytest.mark.parametrize("shape", ["(10**13,)", "(10000000000000,)", "(-1,)", "(9999999999, 9999999999)"])
def test_an_array_that_claims_to_be_huge(saved: Path, path: Path, shape: str) -> None:
    said = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    said += " " * (-(10 + len(said) + 1) % 64) + "\n"
    claim = b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said.encode() + bytes(64)
    path.write_bytes(rewritten(saved, {"trust.npy": claim}))
    assert refusal(path) == damaged(path)


def rewritten(saved: Path, entries: dict[str, bytes]) -> bytes:
    """The archive with other bytes in some of its entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, entries.get(name, old.read(name)))
    return made.getvalue()


def test_entries_that_are_no_arrays(saved: Path, path: Path) -> None:
    for content in (b"", b"no array", b"\x93NUMPY\x01\x00\xff\xff{", b"\x93NUMPY\x09\x09"):
        path.write_bytes(rewritten(saved, {"header.npy": content}))
        assert refusal(path) == damaged(path)


@pytest.mark.parametrize("name", ["header", "offsets", "trust", f"{TREES}.slopes", f"{TREES}.left"])
def test_an_array_that_is_missing(saved: Path, path: Path, name: str) -> None:
    arrays = arrays_of(saved)
    del arrays[name]
    write(path, arrays)
    assert refusal(path) == damaged(path)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("offsets", np.zeros((2, 3, 4))),
        ("offsets", np.zeros((2, 8, 4), dtype=np.complex128)),
        ("offsets", np.full((2, 8, 4), -np.inf)),
        ("trust", np.full(32, np.nan)),
        ("trust", np.full(32, -1.0)),
        ("trust", np.full(32, "much")),
        ("trust", np.array(1.0)),
        (f"{TREES}.slopes", np.full(4, np.nan)),
        (f"{TREES}.slopes", np.zeros(3)),
        ("header", np.frombuffer(b"[" * 100_000, dtype=np.uint8)),
        ("header", np.frombuffer(b"\xff\xfe", dtype=np.uint8)),
        ("header", np.frombuffer(b"[]", dtype=np.uint8)),
        ("header", np.frombuffer(b"7", dtype=np.uint8)),
    ],
)
def test_an_array_that_does_not_fit(saved: Path, path: Path, name: str, other: Any) -> None:
    write(path, arrays_of(saved) | {name: other})
    assert refusal(path) == damaged(path)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("left", lambda trees: np.zeros_like(trees["left"])),
        ("right", lambda trees: np.arange(trees["right"].size)),
        ("left", lambda trees: trees["left"] + trees["left"].size),
        ("feature", lambda trees: np.where(trees["feature"] >= 0, 5, -1)),
        ("feature", lambda trees: trees["feature"] - 7),
        ("feature", lambda trees: trees["feature"].astype(float)),
        ("roots", lambda trees: trees["roots"] + trees["left"].size),
        ("value", lambda trees: trees["value"] * np.nan),
        ("value", lambda trees: trees["value"][:-1]),
        ("members_at", lambda trees: trees["members_at"] + 1_000),
        ("members", lambda trees: trees["members"][:, :0]),
        ("limit", lambda trees: trees["limit"].astype(str)),
        ("value", lambda trees: trees["value"].astype(str)),
    ],
)
def test_trees_that_are_none(
    saved: Path, path: Path, name: str, change: Callable[[Arrays], np.ndarray]
) -> None:
    arrays = arrays_of(saved)
    trees = {one.removeprefix(f"{TREES}."): array for one, array in arrays.items() if TREES in one}
    write(path, arrays | {f"{TREES}.{name}": change(trees)})
    assert refusal(path) in (NO_TREES, damaged(path))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("level", "0.9"),
        ("level", 7.0),
        ("target_level", None),
        ("lowest", math.nan),
        ("lowest", "no"),
        ("unit", 7),
        ("by_day", "no"),
        ("timed", None),
        ("n", -1),
        ("n", "many"),
        ("first", math.inf),
        ("as_of", []),
        ("log_shift", math.nan),
        ("log_shift", -5.0),
        ("log_shift", None),
        ("groups", []),
        ("groups", 7),
        ("factors", [{"sofa": math.nan}]),
        ("factors", [{"sofa": "three"}]),
        ("factors", [["sofa"]]),
        ("like", [["sofa", 3.5, 4]]),
        ("like", {"sofa": 3}),
        ("usual", []),
        ("usual", None),
        ("kept", {}),
        ("kept", {"known": True, "value": "all"}),
        ("kept", None),
        ("calendar", {}),
        ("calendar", "mon-fri"),
        ("columns", {"numbers": [], "texts": []}),
        ("columns", {"numbers": [{"name": "size"}], "texts": []}),
        ("columns", 7),
        ("parts", []),
        ("parts", {"unknown": 1.0}),
        ("parts", {TREES: math.nan}),
        ("shapes", []),
        ("half_lives", ["7"]),
        ("format", 7),
        ("format", None),
    ],
)
def test_a_header_that_says_nonsense(saved: Path, path: Path, name: str, other: Any) -> None:
    with_header(saved, path, lambda header: header.update({name: other}))
    if name == "format":
        assert refusal(path).startswith(f"{path} is a model of the format “{other}”; ")
    else:
        # Trees that ask for columns which the header does not name fit as little.
        assert refusal(path) in (damaged(path), NO_TREES)


def test_a_header_without_one_of_its_words(saved: Path, path: Path) -> None:
    for name in json.loads(arrays_of(saved)["header"].tobytes()):
        with_header(saved, path, lambda header, name=name: header.pop(name))  # type: ignore[misc]
        assert refusal(path) == damaged(path)


def outcome(path: Path) -> str:
    """Refused, or sound: whatever loads must give offers of finite length, or say that it cannot."""
    told = (damaged(path), NO_TREES, "this version reads", "a model of a promise is far smaller")
    try:
        loaded = load_model(path)
    except UnreadableFile as refused:
        return "refused" if any(one in str(refused) for one in told) else str(refused)
    for given in (GIVEN, {}):
        try:
            offer = loaded.offer(given, at=AT, explain=True)
        except TooFewObservations:
            continue
        assert math.isfinite(offer.exact)
        assert math.isfinite(offer.target)
    return "sound"


def test_a_changed_byte_is_refused_or_does_no_harm(saved: Path, path: Path) -> None:
    rng, whole = np.random.default_rng(3), saved.read_bytes()
    with zipfile.ZipFile(saved) as archive:
        directory = archive.start_dir
    # Half of them where the archive says what it holds, which no checksum guards.
    places = [*rng.integers(0, len(whole), 100), *rng.integers(directory, len(whole), 100)]
    found = []
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= int(rng.integers(1, 256))
        path.write_bytes(changed)
        found.append(outcome(path))
    assert set(found) == {"refused", "sound"}
    assert found.count("refused") > 100


def test_a_changed_byte_inside_is_refused_or_does_no_harm(saved: Path, path: Path) -> None:
    # As before, but the checksums of the archive are right: someone meant it.
    rng = np.random.default_rng(4)
    with zipfile.ZipFile(saved) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    names = sorted(entries)
    found = []
    for turn in range(200):
        name = "header.npy" if turn % 2 else names[int(rng.integers(len(names)))]
        changed = bytearray(entries[name])
        changed[int(rng.integers(min(len(changed), 2_000)))] = int(rng.integers(256))
        path.write_bytes(rewritten(saved, {name: bytes(changed)}))
        found.append(outcome(path))
    assert set(found) == {"refused", "sound"}
    assert found.count("refused") > 50
