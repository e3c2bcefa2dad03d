"""The sample business, made once: it is frozen, so tests may share it."""

import pytest

from forvent.simulate import SampleBusiness, sample_business


@pytest.fixture(scope="session")
def business() -> SampleBusiness:
    return sample_business()


@pytest.fixture(scope="session")
def large() -> SampleBusiness:
    """Enough customers for shares to be near the truth."""
    return sample_business(customers=6000, seed=11)
