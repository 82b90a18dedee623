"""The formats of files that come in and go out: what each can hold, and which one a file has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.framework import read_framework
from lti_tool.documents.rubric import read_rubric
from lti_tool.documents.toml import read_toml
from rubrics.refusal import _N

Read = Callable[..., Brought]
Write = Callable[[Brought], bytes]
Template = Callable[[str], bytes]
"""A file to fill in, with headers and help in this language."""


class Format(StrEnum):
    """What a file can be."""

    TOML = "toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knows:
    """What is known of a format."""

    label: str
    """For people, to be translated."""
    suffix: str
    content_type: str
    read: Read
    write: Write
    rubrics: bool = False
    """Whether it holds rubrics."""
    frameworks: bool = False
    template: Template | None = None


def _read_toml(content: bytes, *, source: str, options: Options) -> Brought:
    text = content.decode("utf-8-sig")
    try:
        if "criteria" in read_toml(text, source=source):
            return Brought(rubrics=(read_rubric(text, source=source),))
        return Brought(frameworks=(read_framework(text, source=source),))
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem


FORMATS: Mapping[Format, Knows] = {
    Format.TOML: Knows(
        label=_N("Attune's own document, one rubric or framework (TOML)"),
        suffix="toml",
        content_type="application/toml",
        read=_read_toml,
        write=lambda brought: b"",
        rubrics=True,
        frameworks=True,
    ),
}


def read(content: bytes, *, source: str, options: Options, kind: Format) -> Brought:
    """What the file holds. Raises `DocumentProblems`, which names everything that is to be mended."""
    return FORMATS[kind].read(content, source=source, options=options)


def write(brought: Brought, kind: Format) -> bytes:
    """A file with these rubrics and frameworks. Raises `DocumentProblems` for what the format cannot hold."""
    return FORMATS[kind].write(brought)


def recognize(name: str, content: bytes) -> Format:
    """The format that the file has, by its name and how it begins. Raises `DocumentProblems` where none fits."""
    return Format.TOML
