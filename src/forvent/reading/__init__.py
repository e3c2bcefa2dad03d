"""Files → voices and episodes, whatever wrote them; what cannot be used is counted with its row."""

from forvent.reading.cells import neutralise_cell
from forvent.reading.episodes import EpisodeReader, read_episodes
from forvent.reading.tally import drops_row
from forvent.reading.voices import VoiceReader, read_voices

__all__ = ["EpisodeReader", "VoiceReader", "drops_row", "neutralise_cell", "read_episodes", "read_voices"]
