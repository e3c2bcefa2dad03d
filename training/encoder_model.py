"""The bundled encoder as a network that can learn: its layers from the installed model, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from forvent.language.encodable import LONGEST
from forvent.language.model_image import BLOCK, ModelImage, four_bits_of
from forvent.language.pieces import Pieces

LAYERS, HEADS, FIRST, LAST, PADDING = 12, 12, 0, 2, 1
PREFIX = "query: "
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
NORMS = ("aln", "oln")


class Tokens:
    """Texts as the model reads them: the pieces of its own vocabulary."""

    def __init__(self, image: ModelImage) -> None:
        self._pieces = Pieces(image)

    def of(self, text: str, *, most: int) -> list[int]:
        """Numbers of the pieces with the signs for beginning and end."""
        found = self._pieces.of_model(PREFIX + (text[:LONGEST].replace("\x00", " ") or " "))
        return [FIRST, *found[: most - 2], LAST]


class Layer(nn.Module):
    """One layer of the transformer."""

    def __init__(self, image: ModelImage, number: int) -> None:
        super().__init__()
        for name in MATRICES:
            weight = torch.from_numpy(image.matrix(f"l{number}.{name}.w"))
            linear = nn.Linear(weight.shape[1], weight.shape[0])
            linear.weight.data = weight
            linear.bias.data = torch.from_numpy(image.vector(f"l{number}.{name}.b"))
            setattr(self, name, linear)
        for name in NORMS:
            norm = nn.LayerNorm(image.width, eps=1e-12)
            norm.weight.data = torch.from_numpy(image.vector(f"l{number}.{name}.w"))
            norm.bias.data = torch.from_numpy(image.vector(f"l{number}.{name}.b"))
            setattr(self, name, norm)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Hidden states after the layer."""
        batch, length, width = x.shape

        def split(y: torch.Tensor) -> torch.Tensor:
            return y.view(batch, length, HEADS, width // HEADS).transpose(1, 2)

        seen = functional.scaled_dot_product_attention(
            split(self.q(x)), split(self.k(x)), split(self.v(x)), attn_mask=mask
        )
        x = self.aln(x + self.drop(self.ao(seen.transpose(1, 2).reshape(batch, length, width))))
        return self.oln(x + self.drop(self.fo(functional.gelu(self.fi(x), approximate="tanh"))))


class EncoderModel(nn.Module):
    """The whole encoder; only its upper layers learn."""

    def __init__(self, image: ModelImage, *, frozen: int) -> None:
        super().__init__()
        self.image, self.frozen = image, frozen
        place = torch.from_numpy(image.vector("emb.pos")).view(-1, image.width)
        self.register_buffer("place", place, persistent=False)
        self.register_buffer(
            "kind", torch.from_numpy(image.vector("emb.type"))[: image.width], persistent=False
        )
        self.norm = nn.LayerNorm(image.width, eps=1e-12)
        self.norm.weight.data = torch.from_numpy(image.vector("emb.ln.w"))
        self.norm.bias.data = torch.from_numpy(image.vector("emb.ln.b"))
        self.layers = nn.ModuleList(Layer(image, number) for number in range(LAYERS))

    def lower(self, tokens: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Hidden states after the layers that do not learn."""
        words = torch.from_numpy(self.image.words(tokens.numpy().ravel())).view(*tokens.shape, -1)
        x = self.norm(words + self.place[: tokens.shape[1]] + self.kind)
        for layer in self.layers[: self.frozen]:
            x = layer(x, kept[:, None, None, :])
        return x

    def upper(self, x: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Vectors of unit length from those hidden states."""
        for layer in self.layers[self.frozen :]:
            x = layer(x, kept[:, None, None, :])
        share = kept.unsqueeze(2).float()
        return functional.normalize((x * share).sum(1) / share.sum(1), dim=1)

    def go_on_from(self, changes: Mapping[str, np.ndarray], share: float) -> None:
        """Takes up layers of which that share of what tuning changed was written; in four bits, so nearly."""
        for number in range(self.frozen, LAYERS):
            layer = self.layers[number]
            for part in (*MATRICES, *NORMS):
                learned, name = getattr(layer, part), f"l{number}.{part}"
                for kind in ("b", "w"):
                    values = changes[f"{name}.{kind}"]
                    if kind == "w" and part in MATRICES:
                        before = self.image.matrix(f"{name}.w")
                        change = four_bits_of(values, before.shape[1])
                    else:
                        before = self.image.vector(f"{name}.{kind}")
                        change = values.view("<f4") - before
                    where = learned.weight if kind == "w" else learned.bias
                    where.data = torch.from_numpy((before + change / share).astype(np.float32))

    def changes(self, share: float) -> dict[str, np.ndarray]:
        """That share of what tuning changed, as ``forvent.language.transformer`` reads it."""
        packed: dict[str, np.ndarray] = {}

        def between(name: str, learned: torch.Tensor) -> np.ndarray:
            before = self.image.vector(name)
            return raw(before + share * (learned.detach().numpy() - before))

        for number in range(self.frozen, LAYERS):
            layer = self.layers[number]
            for part in (*MATRICES, *NORMS):
                learned, name = getattr(layer, part), f"l{number}.{part}"
                packed[f"{name}.b"] = between(f"{name}.b", learned.bias)
                if part in NORMS:
                    packed[f"{name}.w"] = between(f"{name}.w", learned.weight)
                else:
                    before = self.image.matrix(f"{name}.w")
                    packed[f"{name}.w"] = four_bits(share * (learned.weight.detach().numpy() - before))
        return packed


def padded(batch: Sequence[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """Hidden states of several texts in one block, and which places are real."""
    longest = max(len(one) for one in batch)
    x = torch.zeros(len(batch), longest, batch[0].shape[1])
    kept = torch.zeros(len(batch), longest, dtype=torch.bool)
    for row, one in enumerate(batch):
        x[row, : len(one)] = torch.from_numpy(one.astype(np.float32))
        kept[row, : len(one)] = True
    return x, kept


def raw(values: np.ndarray) -> np.ndarray:
    """Numbers as the bytes of single precision."""
    return np.frombuffer(values.astype("<f4").tobytes(), np.uint8)


def four_bits(weights: np.ndarray) -> np.ndarray:
    """Weights in blocks of 32 with one scale: the largest becomes -8."""
    rows, inputs = weights.shape
    x = weights.reshape(rows, inputs // BLOCK, BLOCK)
    largest = np.take_along_axis(x, np.abs(x).argmax(2)[:, :, None], 2)
    scale, codes = _coded(x, largest / -8)
    packed = np.empty((rows, inputs // BLOCK, 18), np.uint8)
    packed[:, :, :2] = np.ascontiguousarray(scale.astype(np.float16)).view(np.uint8)
    packed[:, :, 2:] = codes[:, :, :16].astype(np.uint8) | (codes[:, :, 16:].astype(np.uint8) << 4)
    return packed.reshape(-1)


def _coded(x: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kept = scale.astype(np.float16).astype(np.float32)
    parts = np.divide(x, kept, out=np.zeros_like(x), where=kept != 0)
    return kept, np.clip(np.floor(parts + 8.5), 0, 15)
