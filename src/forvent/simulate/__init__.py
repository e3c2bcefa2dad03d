"""An invented business whose truth is known, for the demo and for tests; nothing is trained on it."""

from forvent.simulate.business import SampleBusiness, sample_business
from forvent.simulate.files import truth_json, write_sample
from forvent.simulate.rows import SampleEpisode, SampleVoice
from forvent.simulate.truth import ExpectationTruth, GroupTruth, Truth

__all__ = [
    "ExpectationTruth",
    "GroupTruth",
    "SampleBusiness",
    "SampleEpisode",
    "SampleVoice",
    "Truth",
    "sample_business",
    "truth_json",
    "write_sample",
]
