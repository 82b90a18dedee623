"""For the site only: links out of `docs/`, into the source, become their words. The site has no source beside it."""

import re
from typing import Any

_LINK = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+)[^)\s]*\)")


def on_page_markdown(markdown: str, /, page: Any, **_others: Any) -> str:
    """Called by mkdocs with the text of each page."""
    depth = page.file.src_path.count("/")
    return _LINK.sub(lambda link: link[0] if link[2].count("../") <= depth else link[1], markdown)
