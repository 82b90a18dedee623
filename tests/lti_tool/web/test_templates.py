"""What templates may not do, whoever wrote them."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from jinja2 import UndefinedError

from lti_tool.paths import TEMPLATES

SOURCES = sorted(TEMPLATES.rglob("*.html"))
PROGRAM = re.compile(r"{#.*?#}", re.DOTALL)


def source(path: Path) -> str:
    """A template without its comments."""
    return PROGRAM.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_lets_text_through_unescaped(path: Path) -> None:
    text = source(path)
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", text)
    # Jinja marks what `_()` gives as safe: it is for literals, and `| translated` for everything else.
    assert not re.findall(r"(?<![\w.])(?:_|gettext|ngettext)\(\s*(?![\"'\s])[^)]*\)", text)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    text = source(path)
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    for script in re.findall(r"<script[^>]*>.*?</script>", text, re.DOTALL):
        assert re.search(r'nonce="{{ csp_nonce\(\) }}"', script), script
        assert re.search(r">\s*</script>", script), script


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_quotation_marks_are_those_of_the_language(path: Path) -> None:
    """Within a text that is translated, or by `| quoted`."""
    assert not re.search("[“”‘«»]", re.sub(r"{{.*?}}|{%.*?%}", "", source(path), flags=re.DOTALL))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_commas_and_semicolons_of_lists_are_those_of_the_language(path: Path) -> None:
    """By `comma()` and `semicolon()`."""
    assert not re.search(r"%}[,;] |join\([\"'][,;] ?[\"']\)", source(path))


def render(app: Flask, text: str, **values: object) -> str:
    with app.test_request_context("/"):
        app.preprocess_request()
        return render_template_string(text, **values)


@pytest.mark.parametrize(
    "text",
    [
        "{{ x }}",
        "{{ x | translated }}",
        '{{ _("About %(x)s", x=x) }}',
        "{% trans x=x %}About {{ x }}{% endtrans %}",
        '{% from "components/page.html" import notice %}{{ notice(x) }}',
        '{% from "components/forms.html" import field %}{{ field("x", x, x, help=x, problem=x) }}',
        '{% from "components/forms.html" import textarea %}{{ textarea("x", x, x, attributes={"data-x": x}) }}',
        '{% from "components/forms.html" import radios %}{{ radios("x", x, [(x, x, x)], x) }}',
        '{% from "components/status.html" import chip %}{{ chip(x) }}',
    ],
)
def test_a_strangers_text_stays_text(app: Flask, text: str) -> None:
    page = render(app, text, x='"><script>alert(1)</script>')
    assert "<script" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


def test_a_list_in_arabic_has_the_commas_and_semicolons_of_arabic(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "ar"}):
        app.preprocess_request()
        assert render_template_string("a{{ comma() }}b{{ semicolon() }}c") == "a، b؛ c"


def test_a_name_that_is_not_there_is_a_mistake_not_an_empty_place(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        render(app, "{{ absent }}")


def test_ux_s1_ux_s6_ux_p5_in_keyboard_order_the_way_out_comes_after_the_skip_link_and_support_comes_last(
    app: Flask,
) -> None:
    page = app.test_client().get("/").text
    links = re.findall(r'<a[^>]*href="([^"]*)"', page)
    assert links[0] == "#main"
    assert links[1] == "https://www.wikipedia.org/"
    assert links[-1] == "/support"


def test_inside_a_frame_there_is_no_second_header(app: Flask) -> None:
    client = app.test_client()
    assert 'class="brand"' in client.get("/").text
    framed = client.get("/", headers={"Sec-Fetch-Dest": "iframe"}).text
    assert 'class="brand"' not in framed
    assert 'id="leave"' in framed
