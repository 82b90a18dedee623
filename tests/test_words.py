"""The words on screen: none that judge, frighten or blame, and every one of them can be translated."""

import re
from pathlib import Path

import pytest

from tests.project import ROOT, text_of, tracked_files
from tests.words import found_in, sources, texts_of_python, texts_of_script, texts_of_template

TEMPLATES = tracked_files("templates/*.html")
NAMES = re.compile(r"\b(Attune|UTC)\b")
WORDED = re.compile(r"[^\W\d_]{2,}")
JINJA = re.compile(r"{#.*?#}|{%-?\s*trans\b.*?endtrans\s*-?%}|{%.*?%}|{{.*?}}", re.DOTALL)
TAG = re.compile(r"<!?[^>]*>", re.DOTALL)
SPOKEN = re.compile(r"\b(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"")


def test_ux_p5_no_text_that_people_read_has_a_word_that_we_do_not_use() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words} in {text!r}"
        for path, line, text in sources()
        if (words := found_in(text))
    ]
    assert not found, "\n".join(found)


def test_the_texts_of_every_kind_of_source_are_looked_at() -> None:
    kinds = {path.suffix for path, _line, _text in sources()}
    assert kinds == {".py", ".html", ".js", ".toml"}
    read = {path.relative_to(ROOT).parts[0] for path, _line, _text in sources()}
    assert {"rubrics", "lti_tool", "templates", "config"} <= read


@pytest.mark.parametrize(
    "text",
    [
        "This observation Failed.",
        "Your request was rejected",
        "Access denied",
        "invalid value",
        "You must choose one.",
        "Warning! Only two days.",
        "An error occurred",
        "overdue since Monday",
        "The students wait",
        "approve this score",
        "a remediation plan",
    ],
)
def test_a_planted_word_is_found(text: str) -> None:
    assert found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Please find another word for “fail”.",
        "the gradebook of the LMS",
        "killing time-outs",
        "It was without error-free",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert not found_in(text)


def test_a_word_is_found_wherever_it_is_planted(tmp_path: Path) -> None:
    module, page, script = tmp_path / "x.py", tmp_path / "x.html", tmp_path / "x.js"
    module.write_text(
        'raise Refused("code", "This has expired.")\n_("Try %(x)s again, you must", x=1)\nlog("failed")\n'
    )
    page.write_text('{{ _("It failed") }}{% trans trimmed n=1 %}{{ n }} was\n rejected{% endtrans %}')
    script.write_text('say("abort"); // this would fail\n')
    assert [found_in(text) for _, text in texts_of_python(module) if found_in(text)] == [["expired"], ["you must"]]
    assert [found_in(text) for _, text in texts_of_template(page)] == [["failed"], ["rejected"]]
    assert [found_in(text) for _, text in texts_of_script(script)] == [["abort"]]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_ux_e2_every_text_of_a_template_can_be_translated(path: Path) -> None:
    source = JINJA.sub(" ", text_of(path))
    left = NAMES.sub(" ", TAG.sub(" ", source)) + " ".join(SPOKEN.findall(source))
    assert not WORDED.findall(left)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_switches_escaping_off(path: Path) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape|\bMarkup\b", text_of(path))
