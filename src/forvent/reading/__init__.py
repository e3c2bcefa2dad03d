"""Files → voices, episodes and cases, whatever wrote them; what cannot be used is counted with its row."""

from forvent.reading.case_columns import CaseColumns
from forvent.reading.case_desk import Case
from forvent.reading.cases import CasesReader, read_cases
from forvent.reading.cells import neutralise_cell
from forvent.reading.episodes import EpisodeReader, read_episodes
from forvent.reading.quantities import UNITS_OF_TIME
from forvent.reading.tally import drops_row
from forvent.reading.voices import VoiceReader, read_voices

__all__ = [
    "UNITS_OF_TIME",
    "Case",
    "CaseColumns",
    "CasesReader",
    "EpisodeReader",
    "VoiceReader",
    "drops_row",
    "neutralise_cell",
    "read_cases",
    "read_episodes",
    "read_voices",
]
