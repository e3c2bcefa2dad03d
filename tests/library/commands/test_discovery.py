"""forvent discover and accept: what they write and say, and what they refuse."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from forvent.cli import main
from forvent.identify import Pack, load_pack
from forvent.language import Encoder, get_encoder
from forvent.language.encoder import Vectors
from forvent.records import IdentifiedVoice, Voice

Said = pytest.CaptureFixture[str]
ABOUT = (
    "The slide squeaks terribly", "That squeaking slide again", "Squeaks on the slide all day",
    "the big slide squeaked", "slide squeaking since May", "your slide squeaks so loud",
    "A squeaky slide once more", "squeak squeak goes the slide", "slide still squeaky",
    "oh this squeaky slide",
)  # fmt: skip


class SlideEncoder:
    """All that squeaks lies together; nothing else does. Its name has heads, its meaning is none."""

    name = "exact"
    size = 384

    def __init__(self) -> None:
        self._squeak = _direction("squeak")

    def encode(self, texts: list[str]) -> Vectors:
        rows = [2 * self._squeak * ("squeak" in text.lower()) + _direction(text) for text in texts]
        found = np.array(rows, dtype=np.float32).reshape(len(texts), self.size)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def _direction(text: str) -> np.ndarray:
    drawn = np.random.default_rng(zlib.crc32(text.encode())).normal(size=384)
    return drawn / np.linalg.norm(drawn)


@pytest.fixture
def slides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(get_encoder.__globals__["_ENCODERS"], "exact", SlideEncoder)
    # What the heads make of vectors without meaning is chance; here they find nothing.
    monkeypatch.setattr("forvent.commands.discovery.Identifier", Finds)


class Finds:
    def __init__(self, tier: Encoder | str, *, packs: Sequence[Pack] = ()) -> None:
        self.tier, self.packs = tier, packs

    def identify(self, voices: list[Voice]) -> tuple[IdentifiedVoice, ...]:
        return tuple(IdentifiedVoice(voice.voice_id, "en", "negative", 0.9, False, ()) for voice in voices)


@pytest.fixture
def voices(tmp_path: Path) -> str:
    path = tmp_path / "voices.csv"
    texts = [*ABOUT, *(f"remark about thing {number}" for number in range(6))]
    path.write_text(
        "id,comment\n" + "".join(f"{n},{text}\n" for n, text in enumerate(texts)), encoding="utf-8"
    )
    return str(path)


@pytest.mark.usefixtures("slides")
def test_discover_writes_candidates_and_clauses_the_same_each_time(
    voices: str, tmp_path: Path, capsys: Said
) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for out in (first, second):
        assert main(["discover", voices, "--map", "text=comment", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "16 different voices, 16 clauses: 0 covered by the catalogue, 10 in candidates, 6 other" in said
    assert (first / "discovered.json").read_bytes() == (second / "discovered.json").read_bytes()
    document = json.loads((first / "discovered.json").read_text(encoding="utf-8"))
    (candidate,) = document["candidates"]
    assert (document["schema"], candidate["voices"]) == ("forvent/discovered/1", 10)
    assert "slide" in candidate["words"]["en"]
    rows = pq.read_table(first / "clauses.parquet").to_pylist()
    assert [row["candidate"] for row in rows].count(candidate["id"]) == 10


@pytest.mark.usefixtures("slides")
def test_accept_writes_a_pack_that_the_next_run_takes(voices: str, tmp_path: Path, capsys: Said) -> None:
    out, pack = str(tmp_path / "out"), str(tmp_path / "my_pool")
    assert main(["discover", voices, "--map", "text=comment", "--out", out]) == 0
    source = f"{out}/discovered.json"
    identifier = json.loads(Path(source).read_text(encoding="utf-8"))["candidates"][0]["id"]
    assert main(["accept", identifier, "--from", source, "--list"]) == 0
    assert "  1  en  unmet  " in capsys.readouterr().out
    named = ["--id", "quiet_slide", "--parent", "comfort", "--name", "Quiet slide", "--pack", pack]
    assert main(["accept", identifier, "--from", source, *named, "--without", "2,4"]) == 0
    assert "quiet_slide: 8 examples, now in the pack 'my_pool'." in capsys.readouterr().out
    again = ["discover", voices, "--map", "text=comment", "--out", out, "--known", source, "--pack", pack]
    assert main(again) == 0
    assert len(load_pack(pack).examples) == 8


@pytest.mark.usefixtures("slides")
def test_tiny_input_is_not_enough_and_no_error(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "few.csv"
    path.write_text("text\n" + "\n".join(ABOUT[:5]) + "\n", encoding="utf-8")
    assert main(["discover", str(path), "--out", str(tmp_path / "out")]) == 0
    assert "Not enough: no expectation covers 5 different clauses, and it takes 8." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--map", "text"], "forvent: '--map text' names no column. Write it as --map text=comment.\n"),
        (
            ["--least", "1"],
            "forvent: A candidate of 1 voices would be no group. Ask for 3 or more; 8 is usual.\n",
        ),
        (["--known", "none.json"], "forvent: 'none.json' could not be read: No such file or directory."),
        (["--encoder", "huge"], "forvent: There is no encoder called 'huge'."),
    ],
)
@pytest.mark.usefixtures("slides")
def test_wrong_options_are_refused_and_nothing_is_written(
    more: list[str], message: str, voices: str, tmp_path: Path, capsys: Said
) -> None:
    chosen = [] if "--map" in more else ["--map", "text=comment"]
    assert main(["discover", voices, "--out", str(tmp_path / "out"), *chosen, *more]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            ["--id", "quiet", "--pack", "p"],
            "--parent and --name must be given. Or add --list to see its examples.\n",
        ),
        (
            ["--id", "quiet", "--pack", "p", "--name", "Quiet", "--parent", "silence"],
            "The parent 'silence' is no id of the general catalogue.",
        ),
        (
            ["--id", "quiet", "--pack", "p", "--name", "Quiet", "--parent", "-", "--without", "two"],
            "'--without two' is no list of numbers. Write it as --without 3,7.\n",
        ),
        (
            ["--id", "on_time", "--pack", "p", "--name", "Quiet", "--parent", "-"],
            "'on_time' is an id of the general catalogue. Give it an id of its own.\n",
        ),
    ],
)
@pytest.mark.usefixtures("slides")
def test_accept_refuses_what_it_cannot_use(
    more: list[str], message: str, voices: str, tmp_path: Path, capsys: Said
) -> None:
    out = str(tmp_path / "out")
    assert main(["discover", voices, "--map", "text=comment", "--out", out]) == 0
    here = [str(tmp_path / "p") if part == "p" else part for part in more]
    assert main(["accept", "cand-", "--from", f"{out}/discovered.json", *here]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "p").exists()
