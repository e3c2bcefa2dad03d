"""Tunes the upper layers of the bundled encoder on the training text; run by ``make tune`` (needs PyTorch).

All heads learn together with the layers; texts that are held out for calibration are never seen.
The lower layers do not learn, so their hidden states are worked out once and kept in ``training/.cache``.
Writes ``src/forvent/language/models/exact.npz``: what tuning changed in these layers, in four bits. Only a
share of the change is kept (Wortsman et al., 2022, arXiv 2109.01903): text unlike ours is judged better so.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from encoder_model import EncoderModel, Tokens, padded
from forvent.language.model_image import ModelImage
from material import HERE, Row, rows
from targets import POSITIVE, N, joined, targets_of

OUT = HERE.parent / "src/forvent/language/models/exact.npz"
CACHE = HERE / ".cache"
#: Go on from the layers that ship.
SHIPPED = "shipped"
#: Pieces of a text that are learned from.
MOST = 96


def main() -> None:
    """Prepare, tune, write."""
    options = _options()
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    material = [
        row
        for row in rows()
        if not row.held_out and (row.mentions is not None or rng.random() < options.without_mentions)
    ]
    material += joined(material, number=options.joined, rng=rng)
    image = ModelImage.read()
    model = EncoderModel(image, frozen=options.frozen)
    if options.start == SHIPPED:
        with np.load(OUT, allow_pickle=False) as changes:
            model.go_on_from(changes, options.share)
    elif options.start:
        model.load_state_dict(torch.load(options.start, weights_only=True))
    aside = [row for row in rows() if row.held_out]
    texts = [row.text for row in (*material, *aside)]
    hidden = hidden_states(model, Tokens(image), texts, frozen=options.frozen)
    judged = (aside, hidden[len(material) :])
    tune(model, hidden[: len(material)], material, judged=judged, options=options, rng=rng)
    if options.mixed_with:
        mix(model, options.mixed_with)
    OUT.parent.mkdir(exist_ok=True)
    np.savez_compressed(OUT, **model.changes(options.share))
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes, learned from {len(material):,} texts")


def tune(
    model: EncoderModel,
    hidden: list[np.ndarray],
    material: list[Row],
    *,
    judged: tuple[list[Row], list[np.ndarray]],
    options: argparse.Namespace,
    rng: random.Random,
) -> None:
    """Adam with a short rise and a linear fall of the step, layers and heads together.

    Products in the layers are worked out in half precision (bfloat16), which takes half the time where the
    processor can; weights are kept, and moved, in single precision.
    """
    target, weight = (torch.from_numpy(part) for part in targets_of(material))
    with torch.no_grad():
        sample = vectors(model, rng.sample(hidden, min(2000, len(hidden))))
    center, spread = sample.mean(0), sample.std(0)
    head = nn.Linear(center.shape[0], target.shape[1])
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    learning = [p for layer in model.layers[model.frozen :] for p in layer.parameters()]
    adam = torch.optim.AdamW(
        [{"params": learning, "top": options.step}, {"params": head.parameters(), "top": options.step * 20}],
        lr=0.0,
        weight_decay=0.01,
    )
    total, done, began = options.epochs * (len(material) // options.batch + 1), 0, time.monotonic()
    for epoch in range(options.epochs):
        for batch in batches(hidden, size=options.batch, rng=rng):
            share = done / total
            for group in adam.param_groups:
                group["lr"] = group["top"] * min(1.0, share / 0.06 + 0.01) * (1.0 - share)
            model.train()
            x, kept = padded([hidden[place] for place in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                heard = model.upper(x, kept)
            scores = head((heard.float() - center) / spread)
            loss = (
                functional.binary_cross_entropy_with_logits(scores, target[batch], reduction="none")
                * weight[batch]
            ).sum() / len(batch)
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learning, 1.0)
            adam.step()
            done += 1
            if done % 100 == 0:
                print(f"{done}/{total}, {time.monotonic() - began:.0f} s, loss {loss.item():.3f}", flush=True)
        torch.save(model.state_dict(), CACHE / "tuned.pt")
        print(f"epoch {epoch + 1} of {options.epochs} done", flush=True)
        held_out(model, head, center, spread, *judged)


@torch.no_grad()
def mix(model: EncoderModel, other: str) -> None:
    """Half of the way to the layers of another run (Wortsman et al., 2022, arXiv 2203.05482)."""
    for name, value in torch.load(other, weights_only=True).items():
        own = model.state_dict()[name]
        if own.is_floating_point():
            own.copy_((own + value) / 2)


@torch.no_grad()
def held_out(
    model: EncoderModel,
    head: nn.Linear,
    center: torch.Tensor,
    spread: torch.Tensor,
    material: list[Row],
    hidden: list[np.ndarray],
) -> None:
    """Says how well the heads judge what nothing learned from: expectations, and polarity by language."""
    scores = head((vectors(model, hidden) - center) / spread).numpy()
    target, weight = targets_of(material)
    kept, said, meant = weight[:, :N] > 0, scores[:, :N] > 0, target[:, :N] > 0
    right = (said & meant & kept).sum()
    print(
        f"held out: F1 of expectations {2 * right / ((said & kept).sum() + (meant & kept).sum()):.4f}", end=""
    )
    for place in sorted({row.language for row in material}):
        of = np.array([row.language == place for row in material]) & (weight[:, POSITIVE] > 0.5)
        print(f", {place} {np.mean((scores[of, POSITIVE] > 0) == (target[of, POSITIVE] > 0.5)):.3f}", end="")
    print(flush=True)


def batches(hidden: list[np.ndarray], *, size: int, rng: random.Random) -> list[list[int]]:
    """Texts of like length together, in a new order each time."""
    order = list(range(len(hidden)))
    rng.shuffle(order)
    found = []
    for first in range(0, len(order), size * 40):
        part = sorted(order[first : first + size * 40], key=lambda place: len(hidden[place]))
        found += [part[start : start + size] for start in range(0, len(part), size)]
    rng.shuffle(found)
    return found


@torch.no_grad()
def vectors(model: EncoderModel, hidden: list[np.ndarray]) -> torch.Tensor:
    """Vectors of texts whose lower hidden states are known."""
    model.eval()
    return torch.cat(
        [model.upper(*padded(hidden[first : first + 128])) for first in range(0, len(hidden), 128)]
    )


@torch.no_grad()
def hidden_states(model: EncoderModel, tokens: Tokens, texts: list[str], *, frozen: int) -> list[np.ndarray]:
    """Hidden states below the layers that learn, one array a text, kept on disk."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"hidden{frozen}.npz"
    known: dict[str, np.ndarray] = {}
    if path.exists():
        with np.load(path, allow_pickle=False) as kept:
            parts = np.split(kept["states"], np.cumsum(kept["lengths"])[:-1])
            known = dict(zip(kept["keys"].tolist(), parts, strict=True))
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    new = {key: tokens.of(text, most=MOST) for key, text in zip(keys, texts, strict=True) if key not in known}
    model.eval()
    order = sorted(new, key=lambda key: (len(new[key]), key))
    for first in range(0, len(order), 64):
        batch = order[first : first + 64]
        longest = max(len(new[key]) for key in batch)
        ids = torch.ones(len(batch), longest, dtype=torch.long)
        kept_places = torch.zeros(len(batch), longest, dtype=torch.bool)
        for row, key in enumerate(batch):
            ids[row, : len(new[key])] = torch.tensor(new[key])
            kept_places[row, : len(new[key])] = True
        states = model.lower(ids, kept_places).half().numpy()
        known |= {key: states[row, : len(new[key])].copy() for row, key in enumerate(batch)}
    if new:
        print(f"{len(new):,} texts read by the lower layers", flush=True)
        lengths = np.array([len(known[key]) for key in known])
        np.savez(
            path, keys=np.array(list(known)), lengths=lengths, states=np.concatenate(list(known.values()))
        )
    return [known[key] for key in keys]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frozen", type=int, default=6, help="lower layers that do not learn")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.75, help="of the change that is kept")
    parser.add_argument(
        "--step", type=float, default=1e-4, help="largest step of the layers; heads take 20 times"
    )
    parser.add_argument(
        "--start",
        help="go on from layers that a run left in training/.cache/tuned.pt, or from 'shipped' ones",
    )
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--joined", type=int, default=3000, help="voices put together of two shorter ones")
    parser.add_argument(
        "--without-mentions", type=float, default=1.0, help="share of the texts for polarity alone"
    )
    parser.add_argument("--mixed-with", help="write the mean with the layers of an earlier run")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
