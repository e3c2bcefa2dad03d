"""What an identifier is made from, by names and paths."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.identify.corrections import read_corrections
from forvent.identify.identifier import Identifier
from forvent.identify.packs import load_pack
from forvent.identify.prepared import get_judge


@dataclass(frozen=True, slots=True)
class Maker:
    """What an identifier is made from; goes to other processes as it is."""

    tier: str = "exact"
    packs: tuple[str, ...] = ()
    corrections: str | None = None
    rivals: tuple[str, ...] = ()
    #: A file of heads, for an encoder that none ship for.
    heads: str | None = None

    def make(self) -> Identifier:
        """The identifier, ready to use."""
        packs = [load_pack(pack) for pack in self.packs]
        corrections = read_corrections(self.corrections) if self.corrections else ()
        judge = get_judge(self.tier, packs=packs, corrections=corrections, heads=self.heads)
        return Identifier(judge, packs=packs, corrections=corrections, rivals=self.rivals)
