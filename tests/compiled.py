"""Templates are compiled once for all applications that the tests make: for each of them it takes seconds."""

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.project import ROOT

TEMPLATES = ROOT / "build" / "templates"
"""Where they lie; one that changed is compiled anew."""


def compile_templates_once() -> None:
    """For all applications of this process."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(TEMPLATES))}
