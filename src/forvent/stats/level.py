"""What every interval asks of its confidence level."""

from forvent.errors import BadOption


def check_level(level: float) -> None:
    """Refuse a confidence level that is no share strictly between 0 and 1.

    Parameters
    ----------
    level
        Share of repetitions in which an interval should hold the truth.

    Raises
    ------
    BadOption
        If ``level`` is not inside (0, 1).

    Source
    ------
    Our own definition (what every interval here asks of its level).

    Examples
    --------
    >>> check_level(0.95)
    """
    if not 0.0 < level < 1.0:
        raise BadOption(
            f"The level {level} is not between 0 and 1.", hint="Give a share such as 0.95, not a percentage."
        )
