"""How many examples an expectation of a pack needs: writes the table of docs/howto/write-a-pack.md.

Expectations of the catalogue are taken as if they were a pack: learned from n of their examples, those of the
other ids as contrast, and looked for in training/mentions, of which nothing was learned. Six languages.
Run: python benchmarks/identify_packs.py [--vectors FILE] [--every 4]
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from forvent.errors import UnreadableFile
from forvent.identify import learned
from forvent.identify.catalogue import Example, catalogue, examples
from forvent.identify.example_vectors import ExampleVectors, example_vectors, read_vectors, save_vectors
from forvent.language import get_encoder
from forvent.tables import LANGUAGES

HERE = Path(__file__).resolve().parent
MENTIONS = HERE.parent / "training/mentions"
PAGE = HERE.parent / "docs/howto/write-a-pack.md"
BEGIN, END = "<!-- benchmarks/identify_packs.py -->", "<!-- end -->"
SIZES = (3, 6, 12, 24, 48, 96, 138)
#: Two ids made one parent; the first is then learned as its child.
PAIRS = (
    ("fast_resolution", "problem_solved"),
    ("transparent_price", "fair_price"),
    ("comfort", "hygiene_safety"),
)


@dataclass(frozen=True)
class Clause:
    """A clause that nothing was learned from, and the ids it speaks of."""

    text: str
    ids: frozenset[str]


def main() -> None:
    options = _options()
    parts = [example for language in LANGUAGES for example in examples(language)]
    clauses = list(_clauses())
    texts = [*(example.text for example in parts), *(clause.text for clause in clauses)]
    vectors = _vectors(texts, options.vectors)
    lines = [
        *_by_size(parts, clauses, vectors, every=options.every),
        "",
        *_by_weight(parts, clauses, vectors),
    ]
    print("\n".join(lines))
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


def _by_size(
    parts: Sequence[Example], clauses: Sequence[Clause], vectors: ExampleVectors, *, every: int
) -> Iterator[str]:
    pack = list(catalogue())[::every]
    of_clauses = vectors.of([clause.text for clause in clauses])
    yield f"Mean of {len(pack)} expectations, {len(clauses)} clauses, encoder `{vectors.encoder.split()[0]}`."
    yield ""
    yield "| examples of it, all languages together | F1 | precision | recall | F1, weakest | F1, best |"
    yield "|---|---|---|---|---|---|"
    for size in SIZES:
        chosen = [e for i in pack for e in _some([e for e in parts if e.expectation == i], size)]
        contrast = [e for e in parts if e.expectation not in pack]
        head = learned.learn(chosen, contrast=contrast, vectors=vectors, expectations=catalogue())
        said = head.probabilities(of_clauses) >= head.threshold
        figures = np.array([_figures(said[:, c], clauses, i) for c, i in enumerate(head.ids)])
        mean = figures.mean(axis=0)
        shown = [*mean, figures[:, 0].min(), figures[:, 0].max()]
        yield f"| {size} | " + " | ".join(f"{value:.2f}" for value in shown) + " |"
        print(size, [f"{value:.2f}" for value in shown], flush=True)


def _by_weight(parts: Sequence[Example], clauses: Sequence[Clause], vectors: ExampleVectors) -> Iterator[str]:
    """A child whose parent's examples speak of it too: half of them are the child's, unmarked."""
    of_clauses = vectors.of([clause.text for clause in clauses])
    yield "| weight of the parent's examples against the child | F1 of the child |"
    yield "|---|---|"
    usual = learned.PARENT
    for weight in (1.0, 0.3, 0.1, 0.0):
        learned.PARENT = weight
        found = []
        for child, sibling in PAIRS:
            own = _some([e for e in parts if e.expectation == child], 96)
            mine, unmarked = own[:48], [replace(e, expectation=sibling) for e in own[48:]]
            rest = [e for e in parts if e.expectation != child] + unmarked
            record = replace(catalogue()[child], parent=sibling)
            head = learned.learn(mine, contrast=rest, vectors=vectors, expectations={child: record})
            said = head.probabilities(of_clauses)[:, 0] >= head.threshold[0]
            found.append(_figures(said, clauses, child)[0])
        yield f"| {weight} | " + f"{np.mean(found):.2f} ({', '.join(f'{value:.2f}' for value in found)}) |"
        print(weight, found, flush=True)
    learned.PARENT = usual


def _some(parts: list[Example], size: int) -> list[Example]:
    """A drawn sample, of which a smaller one is the beginning."""
    order = np.random.default_rng(7).permutation(len(parts))
    return [parts[row] for row in order[:size]]


def _figures(said: Any, clauses: Sequence[Clause], identifier: str) -> tuple[float, float, float]:
    true = np.array([identifier in clause.ids for clause in clauses])
    hits = int((said & true).sum())
    precision, recall = hits / max(int(said.sum()), 1), hits / int(true.sum())
    return 2 * hits / (int(said.sum()) + int(true.sum())), precision, recall


def _clauses() -> Iterator[Clause]:
    for language in LANGUAGES:
        lines = (MENTIONS / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            ids = frozenset(label.partition(":")[0] for label in row["labels"].split() if label != "-")
            yield Clause(row["text"], ids)


def _vectors(texts: Sequence[str], path: Path | None) -> ExampleVectors:
    known = None
    if path is not None and path.exists():
        try:
            known = read_vectors(path)
        except UnreadableFile as error:
            print(error)
    found = example_vectors(texts, get_encoder(), known=known)
    if path is not None:
        save_vectors(found, path)
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, help="where vectors are kept from one run to the next")
    parser.add_argument("--every", type=int, default=4, help="take every so many expectations (4)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
