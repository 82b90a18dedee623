"""What tests of the LTI layer may ask for."""

from collections.abc import Iterator

import pytest

from tests.lti_tool.lti.platform import Platform
from tests.lti_tool.lti.server import StubServer


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def server() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server
