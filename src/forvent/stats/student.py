"""Student's distribution without a statistics package."""

import math
from statistics import NormalDist

from forvent.errors import BadOption
from forvent.stats.level import check_level

# Up to here Student's distribution is summed exactly; above, the expansion is right to eight digits.
EXACT_DEGREES = 100


def student_quantile(share: float, *, degrees: int) -> float:
    r"""Value that Student's t stays under with probability ``share``.

    Up to 100 degrees the distribution function is summed (finite series in
    :math:`\cos\theta`, :math:`\theta=\arctan(t/\sqrt\nu)`) and inverted by bisection; above,
    the expansion around the normal quantile is used. Right to eight digits.

    Parameters
    ----------
    share
        Probability, inside (0, 1).
    degrees
        Degrees of freedom, at least 1.

    Returns
    -------
    float
        The quantile.

    Raises
    ------
    BadOption
        If ``share`` is not inside (0, 1) or ``degrees`` is below 1.

    Source
    ------
    Abramowitz & Stegun (1964), equations 26.7.3 to 26.7.5.

    Examples
    --------
    >>> round(student_quantile(0.975, degrees=4), 3)
    2.776
    """
    check_level(share)
    if degrees < 1:
        raise BadOption(f"{degrees} degrees of freedom.", hint="A spread needs at least two values.")
    if degrees > EXACT_DEGREES:
        return _student_expansion(NormalDist().inv_cdf(share), degrees)
    inside = abs(2.0 * share - 1.0)
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        if _student_inside(middle, degrees) < inside:
            low = middle
        else:
            high = middle
    return math.copysign(math.sqrt(degrees) * math.tan((low + high) / 2), share - 0.5)


def student_p(distance: float, *, degrees: int) -> float:
    r"""Two-sided p value: how seldom Student's t lies at least so far from 0 by chance.

    Up to 100 degrees the distribution function is summed as for the quantile; above, t is turned into
    a normal value by Hill's expansion, right to eight digits.

    Parameters
    ----------
    distance
        A value in standard errors; its sign plays no part.
    degrees
        Degrees of freedom, at least 1.

    Returns
    -------
    float
        P value in 0–1; 0 where ``distance`` is infinite.

    Raises
    ------
    BadOption
        If ``degrees`` is below 1.

    Source
    ------
    Abramowitz & Stegun (1964), equations 26.7.3 and 26.7.4; above, Hill (1970), CACM 13(10), algorithm 395.

    Examples
    --------
    >>> round(student_p(2.776, degrees=4), 3)
    0.05
    """
    if degrees < 1:
        raise BadOption(f"{degrees} degrees of freedom.", hint="A spread needs at least two values.")
    if degrees > EXACT_DEGREES:
        return math.erfc(_hill(abs(distance), degrees) / math.sqrt(2.0))
    theta = math.atan(abs(distance) / math.sqrt(degrees))
    return min(1.0, max(0.0, 1.0 - _student_inside(theta, degrees)))


def _hill(t: float, degrees: int) -> float:
    """The normal value that lies as far out as t."""
    if math.isinf(t):
        return t
    a = degrees - 0.5
    b = 48.0 * a * a
    y = a * math.log1p(t * t / degrees)
    inner = (4 * y**3 + 33 * y**2 + 240 * y + 855) / (10 * b * (b + 0.8 * y * y + 100)) - (y + 3) / b
    return (1.0 - inner) * math.sqrt(y)


def _student_inside(theta: float, degrees: int) -> float:
    """P(|T| < t) at t = √degrees · tan(theta)."""
    cosine, sine = math.cos(theta), math.sin(theta)
    odd = degrees % 2
    term = cosine if odd else 1.0
    total = term if degrees > 1 else 0.0
    for step in range(2 + odd, degrees - 1, 2):
        term *= cosine * cosine * (step - 1) / step
        total += term
    return 2.0 / math.pi * (theta + sine * total) if odd else sine * total


def _student_expansion(z: float, degrees: int) -> float:
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / math.pow(degrees, power) for power, term in enumerate(terms, start=1))
