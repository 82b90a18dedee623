"""Asks each address that the documents lead to, once; says which do not answer. `make links`, not a test: it needs
the network, and others may be away.
"""

import re
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from tests.project import text_of, tracked_files

LINK = re.compile(r"\]\(<?(https://[^)\s>]+)")
NOBODYS = (".example", ".test", ".invalid", "localhost", "127.0.0.1")


def links() -> Iterator[str]:
    """Every address of others in the documents, without its anchor."""
    found = {link.partition("#")[0] for path in tracked_files("*.md") for link in LINK.findall(text_of(path))}
    yield from sorted(link for link in found if not (urlsplit(link).hostname or "").endswith(NOBODYS))


def what_is_wrong(link: str) -> str | None:
    """Why nobody gets there; None where they do. A server that keeps machines out is there all the same."""
    try:
        answer = requests.get(link, timeout=20, stream=True, headers={"User-Agent": "attune-links/1"})
    except requests.RequestException as problem:
        return type(problem).__name__
    with answer:
        return str(answer.status_code) if answer.status_code in (404, 410) or answer.status_code >= 500 else None


if __name__ == "__main__":
    wrong = {link: problem for link in links() if (problem := what_is_wrong(link)) is not None}
    for link, problem in wrong.items():
        print(f"{problem}: {link}")
    sys.exit(bool(wrong))
