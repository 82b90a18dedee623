"""The mark that carries a name of the certification suite."""

import pytest


def cert(name: str) -> pytest.MarkDecorator:
    """This test is the suite's case of that name."""
    return pytest.mark.cert(name)
