"""What tests of commands may ask for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lti_tool.cli.bench_run import DATABASE, SECRET, Place
from lti_tool.cli.opening import now
from lti_tool.services.connecting import tool_keys
from lti_tool.services.organizations import organization_named
from lti_tool.store.engine import open_engine, open_sessions
from tests.databases import SqliteFiles


@pytest.fixture(scope="session")
def place(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Places with a database in which everything is that a benchmark makes first: made once for all of them."""
    template = tmp_path_factory.mktemp("bench") / DATABASE
    with sqlite_files.fresh(template.parent) as url:
        engine = open_engine(url, (SECRET,))
        with open_sessions(engine).begin() as session:
            organization_named(session, "Benchmark", now())
            tool_keys.signing_key(session, now())
        engine.dispose()
        Path(url.removeprefix("sqlite:///")).rename(template)

    @contextmanager
    def prepared() -> Iterator[Path]:
        directory = tmp_path_factory.mktemp("bench")
        shutil.copyfile(template, directory / DATABASE)
        yield directory
        shutil.rmtree(directory)

    return prepared
