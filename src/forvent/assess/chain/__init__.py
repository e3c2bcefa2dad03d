"""Which link broke: expected, promised, delivered, perceived.

First the lines, then a row an episode, then what is told of all of them::

    lines = chain_lines(collect(joined_episodes(...)))
    found = chain(collect(chain_episodes(joined, lines=lines)), lines=lines, rng=rng)
"""

from forvent.assess.chain.chain import chain
from forvent.assess.chain.episodes import ChainLines, chain_episodes, chain_lines

__all__ = ["ChainLines", "chain", "chain_episodes", "chain_lines"]
