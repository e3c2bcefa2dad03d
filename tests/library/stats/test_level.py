"""A confidence level is a share."""

import math

import pytest

from forvent.errors import BadOption
from forvent.stats import check_level


@pytest.mark.parametrize("level", [0.0, 1.0, 95, -0.5, math.nan])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(BadOption) as error:
        check_level(level)
    assert str(error.value) == (
        f"The level {level} is not between 0 and 1. Give a share such as 0.95, not a percentage."
    )
