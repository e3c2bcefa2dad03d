"""A text in parts, with the words marked that mentions came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from forvent_server.store.models import Mention


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; ``mentions`` are those whose words it belongs to, none where it is plain."""

    text: str
    mentions: tuple[Mention, ...]


def marked(text: str, mentions: Iterable[Mention]) -> tuple[Part, ...]:
    """The whole text in pieces, cut wherever the words of a mention begin or end."""
    found = [mention for mention in mentions if 0 <= mention.start < mention.end <= len(text)]
    cuts = sorted({0, len(text), *(place for one in found for place in (one.start, one.end))})
    return tuple(
        Part(text[start:end], tuple(one for one in found if one.start <= start and end <= one.end))
        for start, end in pairwise(cuts)
    )
