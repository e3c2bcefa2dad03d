"""Who is likely to be disappointed, or to leave, before it is known: calibrated, tested, silent where blind.

Collected outcomes become a history, of which everything is foretold that can be::

    history = episode_history(
        collect(episode_outcomes(voices, episodes=episodes)), columns=columns, as_of=now
    )
    found = disappointment(history, rng=rng)

Who is likely to leave stands in ``prediction.leaving``, which needs the model of purchases and so SciPy.
"""

from forvent.assess.prediction.disappointment import disappointment
from forvent.assess.prediction.history import Column, EpisodeHistory, episode_history
from forvent.assess.prediction.outcomes import episode_outcomes

__all__ = [
    "Column",
    "EpisodeHistory",
    "disappointment",
    "episode_history",
    "episode_outcomes",
]
