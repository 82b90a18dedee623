"""The formats of files that come in and go out, and which one a file has."""

from enum import StrEnum

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.framework import read_framework
from lti_tool.documents.rubric import read_rubric
from lti_tool.documents.toml import read_toml


class Format(StrEnum):
    """What a file can be."""

    TOML = "toml"


def read(content: bytes, *, source: str, options: Options, kind: Format) -> Brought:
    """What the file holds. Raises `DocumentProblems`, which names everything that is to be mended."""
    text = content.decode("utf-8-sig")
    try:
        if "criteria" in read_toml(text, source=source):
            return Brought(rubrics=(read_rubric(text, source=source),))
        return Brought(frameworks=(read_framework(text, source=source),))
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem


def recognize(name: str, content: bytes) -> Format:
    """The format that the file has, by its name and how it begins."""
    return Format.TOML
