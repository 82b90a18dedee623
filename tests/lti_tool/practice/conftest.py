from collections.abc import Iterator

import pytest

from lti_tool.practice import PracticeLms, running_practice_lms
from lti_tool.practice.names import SCOPES
from tests.lti_tool.practice.stub_tool import StubTool, registered, running_stub_tool


@pytest.fixture(scope="package")
def running_stub() -> Iterator[StubTool]:
    with running_stub_tool() as tool:
        yield tool


@pytest.fixture
def stub(running_stub: StubTool) -> StubTool:
    """The stub tool, doing nothing wrong yet."""
    running_stub.content_items, running_stub.changes, running_stub.registration_changes = [], {}, {}
    running_stub.scopes, running_stub.notices, running_stub.key_set = SCOPES, [], None
    return running_stub


@pytest.fixture(scope="package")
def shared_lms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeLms]:
    with running_practice_lms(tmp_path_factory.mktemp("practice")) as lms:
        yield lms


@pytest.fixture
def lms(shared_lms: PracticeLms) -> PracticeLms:
    """The practice LMS with nothing in it."""
    for tool in shared_lms.tools():
        shared_lms.platform.remove_tool(tool.client_id)
    shared_lms.forget_calls()
    shared_lms.behave()
    return shared_lms


@pytest.fixture
def tool(lms: PracticeLms, stub: StubTool) -> StubTool:
    """The stub tool, registered anew."""
    lms.register_tool(stub.registration_address)
    lms.forget_calls()
    return stub


@pytest.fixture
def column(lms: PracticeLms, tool: StubTool) -> str:
    """The address of the column of an activity that Sam has opened."""
    lms.visitor().open("sam", lms.add_activity("A link", maximum=100).id)
    lms.forget_calls()
    address: str = tool.endpoint["lineitem"]
    return address


@pytest.fixture(scope="package")
def running_own_lms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeLms]:
    with running_practice_lms(tmp_path_factory.mktemp("own_lms"), profile="strict") as lms:
        yield lms


@pytest.fixture
def own_lms(running_own_lms: PracticeLms) -> PracticeLms:
    """A practice LMS in which tests may change anything."""
    running_own_lms.start_over()
    return running_own_lms


@pytest.fixture
def own_tool(own_lms: PracticeLms, stub: StubTool) -> StubTool:
    """The stub tool, registered there, with a link that Sam has opened."""
    return registered(own_lms, stub)


@pytest.fixture(scope="package")
def running_moodle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeLms]:
    with running_practice_lms(tmp_path_factory.mktemp("moodle"), profile="moodle") as lms:
        yield lms


@pytest.fixture
def moodle(running_moodle: PracticeLms) -> PracticeLms:
    """A practice LMS that behaves like Moodle."""
    running_moodle.start_over()
    return running_moodle


@pytest.fixture
def moodle_tool(moodle: PracticeLms, stub: StubTool) -> StubTool:
    """The stub tool, registered there, with a link and its column that Sam has opened."""
    return registered(moodle, stub, maximum=20)


@pytest.fixture(scope="package")
def running_canvas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeLms]:
    with running_practice_lms(tmp_path_factory.mktemp("canvas"), profile="canvas") as lms:
        yield lms


@pytest.fixture
def canvas(running_canvas: PracticeLms) -> PracticeLms:
    """A practice LMS that behaves like Canvas."""
    running_canvas.start_over()
    return running_canvas


@pytest.fixture
def canvas_tool(canvas: PracticeLms, stub: StubTool) -> StubTool:
    """The stub tool, registered there, with a link and its column that Sam has opened."""
    return registered(canvas, stub, maximum=20)
