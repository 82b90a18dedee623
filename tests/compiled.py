"""Templates and tests are compiled once for all that a run makes of them: for each anew it takes seconds."""

import importlib
from contextlib import suppress

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.project import ROOT

TEMPLATES = ROOT / "build" / "templates"
"""Where they lie; one that changed is compiled anew."""


def compile_templates_once() -> None:
    """For all applications of this process."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(TEMPLATES))}


def import_tests_in_turn(worker: int, workers: int) -> None:
    """Import all test files, each of several workers from another one on.

    They all import all of them. In a new checkout they would compile the same file at the same moment; so they find
    most of them compiled by another.
    """
    paths = sorted((ROOT / "tests").rglob("test_*.py"))
    first = len(paths) * worker // workers
    for path in (*paths[first:], *paths[:first]):
        with suppress(Exception, pytest.skip.Exception):  # whatever it is, collecting it says so
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
