"""The bundled encoder as a network that can learn: its layers from the installed model, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from forvent.language.encodable import LONGEST
from forvent.language.model_image import BLOCK, ModelImage
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


class Rounded(torch.autograd.Function):
    """Weights as four bits will hold them; the gradient goes through as if they were not rounded."""

    @staticmethod
    def forward(_: object, weights: torch.Tensor) -> torch.Tensor:
        """The rounded weights, with the scheme of :func:`four_bits`."""
        rows, inputs = weights.shape
        x = weights.view(rows, inputs // BLOCK, BLOCK)
        scale = torch.gather(x, 2, x.abs().argmax(2, keepdim=True)) / -8
        safe = torch.where(scale == 0, torch.ones_like(scale), scale)
        codes = torch.clamp(torch.floor(x / safe + 8.5), 0, 15) - 8
        return (codes * scale).view(rows, inputs)

    @staticmethod
    def backward(_: object, gradient: torch.Tensor) -> torch.Tensor:
        """The gradient itself."""
        return gradient


class Linear(nn.Linear):
    """A linear map that can look at its weights as they will be kept."""

    rounded = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The map with its weights, or with the rounded ones."""
        return functional.linear(x, Rounded.apply(self.weight) if Linear.rounded else self.weight, self.bias)


class Layer(nn.Module):
    """One layer of the transformer."""

    def __init__(self, image: ModelImage, number: int) -> None:
        super().__init__()
        for name in MATRICES:
            weight = matrix(image, f"l{number}.{name}.w")
            linear = Linear(weight.shape[1], weight.shape[0])
            linear.weight.data = weight
            linear.bias.data = vector(image, f"l{number}.{name}.b")
            setattr(self, name, linear)
        for name in NORMS:
            norm = nn.LayerNorm(image.width, eps=1e-12)
            norm.weight.data = vector(image, f"l{number}.{name}.w")
            norm.bias.data = vector(image, f"l{number}.{name}.b")
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
        return self.oln(x + self.drop(self.fo(functional.gelu(self.fi(x)))))


class EncoderModel(nn.Module):
    """The whole encoder; only its upper layers learn."""

    def __init__(self, image: ModelImage, *, frozen: int) -> None:
        super().__init__()
        self.image, self.frozen = image, frozen
        self.register_buffer("word", matrix(image, "emb.word"), persistent=False)
        self.register_buffer("place", vector(image, "emb.pos").view(-1, image.width), persistent=False)
        self.register_buffer("kind", vector(image, "emb.type").view(-1, image.width)[0], persistent=False)
        self.norm = nn.LayerNorm(image.width, eps=1e-12)
        self.norm.weight.data, self.norm.bias.data = vector(image, "emb.ln.w"), vector(image, "emb.ln.b")
        self.layers = nn.ModuleList(Layer(image, number) for number in range(LAYERS))

    def lower(self, tokens: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Hidden states after the layers that do not learn."""
        x = self.norm(self.word[tokens] + self.place[: tokens.shape[1]] + self.kind)
        for layer in self.layers[: self.frozen]:
            x = layer(x, kept[:, None, None, :])
        return x

    def upper(self, x: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Vectors of unit length from those hidden states."""
        for layer in self.layers[self.frozen :]:
            x = layer(x, kept[:, None, None, :])
        share = kept.unsqueeze(2).float()
        return functional.normalize((x * share).sum(1) / share.sum(1), dim=1)

    def tensors(self) -> dict[str, np.ndarray]:
        """The layers that learned, packed as the model file holds them."""
        packed: dict[str, np.ndarray] = {}
        for number in range(self.frozen, LAYERS):
            layer = self.layers[number]
            for name in MATRICES:
                linear = getattr(layer, name)
                packed[f"l{number}.{name}.w"] = four_bits(linear.weight.detach().numpy())
                packed[f"l{number}.{name}.b"] = raw(linear.bias)
            for name in NORMS:
                norm = getattr(layer, name)
                packed[f"l{number}.{name}.w"], packed[f"l{number}.{name}.b"] = (
                    raw(norm.weight),
                    raw(norm.bias),
                )
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


def vector(image: ModelImage, name: str) -> torch.Tensor:
    """A tensor of the file that is kept in full."""
    place = image.tensors[name]
    return torch.from_numpy(np.frombuffer(image.content, "<f4", place.size // 4, place.offset).copy())


def matrix(image: ModelImage, name: str) -> torch.Tensor:
    """A tensor of the file that is kept in four bits, as numbers, one row an output."""
    place = image.tensors[name]
    inputs = 1536 if name.endswith("fo.w") else image.width
    blocks = inputs // BLOCK
    packed = np.frombuffer(image.content, np.uint8, place.size, place.offset).reshape(-1, blocks, 18)
    scale = np.ascontiguousarray(packed[:, :, :2]).view(np.float16).astype(np.float32)
    signed = np.concatenate([packed[:, :, 2:] & 15, packed[:, :, 2:] >> 4], axis=2).astype(np.float32) - 8
    return torch.from_numpy((signed * scale).reshape(-1, inputs))


def raw(values: torch.Tensor) -> np.ndarray:
    """Numbers as the bytes of single precision."""
    return np.frombuffer(values.detach().numpy().astype("<f4").tobytes(), np.uint8)


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
