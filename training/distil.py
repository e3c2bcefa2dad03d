"""Teaches the fast tier what the exact one judges; run by ``make distil`` (needs PyTorch).

The exact tier as it ships, all its judges joined, judges the training text, its clauses, voices put together
of two, outside text without labels whose licence allows it (XED and Banking77, CC BY 4.0; see NOTICE), text
put together at random, and rows of words from dictionaries, each as a whole voice. A small network over
pieces learns these probabilities. Writes
``src/forvent/language/models/fast.npz`` and ``training/.cache/fast_scores.npz``, from which ``fit_heads.py``
makes its heads.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from dictionary_words import dictionary_rows
from forvent.identify.prepared import joined as joined_judge
from forvent.language import split_clauses
from forvent.language.model_image import ModelImage
from forvent.language.pieces import Pieces
from forvent.tables import LANGUAGES
from kept_vectors import CACHE, KeptEncoder
from material import HERE, UNLABELLED, Row, outside, rows
from recombined import recombined, words_at_random
from targets import ACT, IRONY, NEUTRAL, OUTPUTS, POSITIVE, WISH, N, joined, targets_of

OUT = HERE.parent / "src/forvent/language/models/fast.npz"
SEEN, LEARNED, CHANNELS, HIDDEN = 256, 64, 192, 256
#: A piece has a vector of its own from so many places on.
OFTEN = 7
MOST = 96
PAD = 1
#: Of a further language so many times less text is put together than of a first-class one.
FURTHER = 2


class Student(nn.Module):
    """The network that :class:`forvent.language.fast.FastEncoder` works out in whole numbers."""

    def __init__(self, words: torch.Tensor, often: NDArray[np.int64]) -> None:
        super().__init__()
        self.register_buffer("words", words, persistent=False)
        slots = torch.zeros(len(words), dtype=torch.long)
        slots[torch.from_numpy(often)] = torch.arange(1, len(often) + 1)
        self.register_buffer("slots", slots, persistent=False)
        self.first = nn.Linear(words.shape[1], SEEN)
        self.learned = nn.Embedding(len(often) + 1, LEARNED, padding_idx=0)
        nn.init.zeros_(self.learned.weight)
        self.spread = nn.Parameter(torch.randn(SEEN + LEARNED, 3 * CHANNELS) * (3 * (SEEN + LEARNED)) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(CHANNELS))
        self.dense = nn.Linear(2 * CHANNELS, HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUTS)
        self.drop = nn.Dropout(0.25)

    def go_on_from(self, shipped: Mapping[str, NDArray[np.generic]], often: NDArray[np.int64]) -> None:
        """Takes up the network that ships; pieces that it had no vector of begin with none."""
        places = torch.from_numpy(np.searchsorted(often, shipped["often"]) + 1)
        values = {
            name: torch.from_numpy(array.astype(np.float32))
            for name, array in shipped.items()
            if name != "often"
        }
        with torch.no_grad():
            self.learned.weight[places] = values["learned"] * values["learned_step"]
            for own, value in (
                (self.first.weight, values["first"]),
                (self.first.bias, values["first_bias"]),
                (self.spread, values["spread"].T),
                (self.bias, values["bias"]),
                (self.dense.weight, values["dense"].T),
                (self.dense.bias, values["dense_bias"]),
                (self.out.weight, values["weights"].T),
                (self.out.bias, values["out_bias"]),
            ):
                own.copy_(value)

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        """Scores of each output."""
        kept = (pieces != PAD).unsqueeze(2).float()
        seen = torch.cat(
            [functional.relu(self.first(self.words[pieces] * 8)), self.learned(self.slots[pieces])], dim=2
        )
        # Kernel place 0 looks at the piece before, 1 at the piece itself, 2 at the one after.
        kernel = self.spread.view(-1, 3, CHANNELS).permute(2, 0, 1)
        places = functional.conv1d((seen * kept).transpose(1, 2), kernel, padding=1).transpose(1, 2)
        places = torch.clamp(places + self.bias, 0, 6) * kept
        pooled = torch.cat([places.amax(1), 3 * places.sum(1) / kept.sum(1)], dim=1)
        hidden = torch.clamp(functional.relu(self.dense(self.drop(pooled))), 0, 6)
        scores: torch.Tensor = self.out(self.drop(hidden))
        return scores


def main() -> None:
    """Gather, let the exact tier judge, learn, write."""
    options = _options()
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    image = ModelImage.read()
    cut = Pieces(image)
    texts, labels, weights = gathered(rng, cut, most_outside=options.outside, most_nobodys=options.nobodys)
    pieces = [cut.of(text, most=MOST) for text in texts]
    counts = np.bincount(np.concatenate([np.array(one) for one in pieces]), minlength=image.vocabulary)
    often = np.flatnonzero(counts >= OFTEN)
    shipped = _shipped() if options.start else None
    if shipped is not None:
        often = np.union1d(often, shipped["often"])
    words = torch.from_numpy(
        np.concatenate([image.words(part) for part in np.array_split(np.arange(image.vocabulary), 20)])
    )
    student = Student(words, often)
    if shipped is not None:
        student.go_on_from(shipped, often)
    print(f"{len(texts):,} texts, {len(often):,} pieces with a vector of their own", flush=True)
    learn(student, pieces, labels, weights, options=options, rng=rng)
    write(student, often)


def gathered(
    rng: random.Random, cut: Pieces, *, most_outside: int, most_nobodys: int
) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32]]:
    """Texts, what they shall be judged as, and how much each output of each counts."""
    material = [row for row in rows() if not row.held_out]
    pairs = joined(material, number=3000, rng=rng)
    texts = dict.fromkeys([*(row.text for row in material), *(row.text for row in pairs)])
    for row in material:
        spans = split_clauses(row.text, row.language)
        if len(spans) > 1:
            texts |= dict.fromkeys(span.of(row.text) for span in spans)
    texts |= dict.fromkeys(unlabelled(rng, most=most_outside))
    texts |= dict.fromkeys(nobodys(texts_by_language(material), rng, most=most_nobodys))
    texts |= dict.fromkeys(dictionary_rows(cut, rng))
    listed = list(texts)
    taught = taught_by_exact(listed)
    target, known = targets_of(material)
    place = {text: number for number, text in enumerate(listed)}
    weight = importance(taught)
    for row, (values, given) in zip(material, zip(target, known, strict=True), strict=True):
        # Where people's labels are known they count half, the exact tier's judgement the other half.
        at = place[row.text]
        taught[at] = np.where(given > 0, 0.5 * values + 0.5 * taught[at], taught[at])
    return listed, taught, weight


def taught_by_exact(texts: list[str]) -> NDArray[np.float32]:
    """Probabilities of the exact tier in the order of the outputs."""
    judged = joined_judge(KeptEncoder()).judge(texts)
    columns = [judged.mention, judged.met, judged.act]
    alone = [judged.positive, judged.neutral, judged.wish, judged.irony]
    return np.concatenate([*columns, *(one[:, None] for one in alone)], axis=1).astype(np.float32)


def importance(taught: NDArray[np.float32]) -> NDArray[np.float32]:
    """Whether an expectation is met counts where the text speaks of it."""
    weight = np.ones_like(taught)
    weight[:, :N] = 2.0
    weight[:, N : 2 * N] = 2.0 * taught[:, :N]
    weight[:, ACT:POSITIVE] = 0.7
    weight[:, POSITIVE] = 6.0
    weight[:, NEUTRAL] = 2.0
    weight[:, WISH] = 2.0
    weight[:, IRONY] = 0.5
    return weight


def nobodys(texts: Mapping[str, Sequence[str]], rng: random.Random, *, most: int) -> list[str]:
    """Text put together at random: so much of each of the six languages, four times as much of mere words.

    Of each further language less, for there is less that can be put together.
    """
    words = words_at_random(ModelImage.read(), number=4 * most, rng=rng)
    number = {language: most if language in LANGUAGES else most // FURTHER for language in texts}
    return [*recombined(texts, number=number, rng=rng), *words]


def texts_by_language(material: Sequence[Row]) -> dict[str, list[str]]:
    """What is put together: the training text, and subtitles."""
    found: dict[str, list[str]] = {}
    for row in material:
        found.setdefault(row.language, []).append(row.text)
    for name in UNLABELLED:
        kind, _, language = name.partition("_")
        if kind == "xed":
            found[language] += [entry["text"] for entry in outside(name)]
    return found


def unlabelled(rng: random.Random, *, most: int) -> list[str]:
    """Outside text without labels."""
    found: list[str] = []
    for name in UNLABELLED:
        texts = [entry["text"] for entry in outside(name)]
        rng.shuffle(texts)
        found += texts[:most]
    return found


def learn(
    student: Student,
    pieces: Sequence[list[int]],
    target: NDArray[np.float32],
    weight: NDArray[np.float32],
    *,
    options: argparse.Namespace,
    rng: random.Random,
) -> None:
    """Adam with a linear fall of the step; in a third of the texts a tenth of the pieces is hidden."""
    wanted, counts = torch.from_numpy(target), torch.from_numpy(weight)
    adam = torch.optim.AdamW(
        [
            {"params": [p for n, p in student.named_parameters() if n != "learned.weight"]},
            {"params": [student.learned.weight], "weight_decay": 0.0},
        ],
        lr=options.step,
        weight_decay=0.01,
    )
    size, done, began = 128, 0, time.monotonic()
    total = options.epochs * (len(pieces) // size + 1)
    for epoch in range(options.epochs):
        order = list(range(len(pieces)))
        rng.shuffle(order)
        parts = [
            sorted(order[first : first + size * 30], key=lambda at: len(pieces[at]))
            for first in range(0, len(order), size * 30)
        ]
        batches = [part[first : first + size] for part in parts for first in range(0, len(part), size)]
        rng.shuffle(batches)
        lost = 0.0
        for batch in batches:
            for group in adam.param_groups:
                group["lr"] = options.step * min(1.0, done / 100 + 0.01) * (1 - done / (total + 1))
            student.train()
            scores = student(padded([hidden(pieces[at], rng) for at in batch]))
            loss = (
                functional.binary_cross_entropy_with_logits(scores, wanted[batch], reduction="none")
                * counts[batch]
            ).sum() / len(batch)
            adam.zero_grad()
            loss.backward()
            adam.step()
            lost += loss.item()
            done += 1
        print(
            f"epoch {epoch + 1}: {time.monotonic() - began:.0f} s, loss {lost / len(batches):.3f}", flush=True
        )


def hidden(pieces: list[int], rng: random.Random) -> list[int]:
    """The pieces, in a third of the texts with a tenth of them unknown."""
    if rng.random() > 1 / 3:
        return pieces
    return [3 if rng.random() < 0.1 else piece for piece in pieces]


def padded(batch: Sequence[list[int]]) -> torch.Tensor:
    """Pieces of several texts in one block."""
    longest = max(len(one) for one in batch)
    block = torch.full((len(batch), longest), PAD, dtype=torch.long)
    for row, one in enumerate(batch):
        block[row, : len(one)] = torch.tensor(one)
    return block


def write(student: Student, often: NDArray[np.int64]) -> None:
    """The weights as the fast tier reads them, and its heads as they stand before calibration."""

    def array(values: torch.Tensor) -> NDArray[np.float32]:
        return values.detach().numpy().astype(np.float32)

    learned = array(student.learned.weight)[1:]
    step = float(np.abs(learned).max()) / 127
    np.savez_compressed(
        OUT,
        first=array(student.first.weight).astype(np.float16),
        first_bias=array(student.first.bias),
        often=often.astype(np.int32),
        learned=np.rint(learned / step).astype(np.int8),
        learned_step=np.array(step, dtype=np.float32),
        spread=array(student.spread).T.astype(np.float16),
        bias=array(student.bias),
        dense=array(student.dense.weight).T,
        dense_bias=array(student.dense.bias),
    )
    np.savez(CACHE / "fast_scores.npz", weights=array(student.out.weight).T, bias=array(student.out.bias))
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")


def _shipped() -> dict[str, NDArray[np.generic]]:
    """The network as it ships, and its heads as they stood before calibration."""
    with np.load(OUT, allow_pickle=False) as network, np.load(CACHE / "fast_scores.npz") as heads:
        last = {"weights": heads["weights"], "out_bias": heads["bias"]}
        return {name: network[name] for name in network.files} | last


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--step", type=float, default=2e-3)
    parser.add_argument("--outside", type=int, default=20_000, help="most texts of each outside set")
    parser.add_argument(
        "--nobodys", type=int, default=12_000, help="texts of each language put together at random"
    )
    parser.add_argument("--start", action="store_true", help="go on from the network that ships")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
