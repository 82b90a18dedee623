"""HTML that an LMS wrote, as plain text, and the way back."""

import re
from html import escape, unescape

import nh3

LONGEST = 20_000
"""Characters; what is longer is no description that someone wrote, and parsing marks in each other would take for ever.
"""

_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(#\w+|\w+);")
_MARKS = re.compile(r"<[^<>]*>")
_LINE_ENDS = re.compile(r"<br\s*/?>|</(?:li|tr|h[1-6]|div|dd|dt)>", re.IGNORECASE)
_PARAGRAPH_ENDS = re.compile(r"</(?:p|ul|ol|table|blockquote)>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_MANY = re.compile(r"(?<! ) *\n *(\n *)*")


def text_of_html(html: str) -> str:
    """What a person would read, with its lines and paragraphs; scripts and styles are gone. Plain text stays."""
    if not _HTML.search(html):
        return html.strip()
    # Line ends of the source mean nothing in HTML; those of its marks do.
    marked = _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", _SPACE.sub(" ", html)))
    if len(marked) > LONGEST:
        cleaned = _MARKS.sub("", marked)
    else:
        cleaned = nh3.clean(marked, tags=set(), clean_content_tags={"script", "style"})
    lines = unescape(cleaned).replace("\xa0", " ")
    return _MANY.sub(lambda found: "\n\n" if found[0].count("\n") > 1 else "\n", lines).strip()


def html_of_text(text: str) -> str:
    """Paragraphs and lines as HTML; empty stays empty."""
    if not text:
        return ""
    return "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in text.split("\n\n"))
