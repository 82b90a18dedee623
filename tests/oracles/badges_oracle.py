"""Verifies credentials with openbadgeslib: cases as JSON in, what it says of each as JSON out ("": verified).

Runs in the environment of `badges.txt`, not in Attune's. It never asks the network.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from openbadgeslib import baking
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier

Case = dict[str, Any]


def downloader(case: Case) -> Callable[[str], bytes]:
    def download(url: str, *_: object, **__: object) -> bytes:
        found = case["downloads"].get(url)
        if found is None:
            raise OSError(f"not handed in: {url}")
        return found.encode()

    return download


def verify(case: Case) -> None:
    content, download = case["content"], downloader(case)
    if case["form"] == "png":
        content = baking.extract_png(b64decode(content), keyword=b"openbadgecredential")
        content = content.decode() if isinstance(content, bytes) else content
    if content.lstrip().startswith("{"):
        OB3LdpVerifier.for_issuer_did(case["did"], download=download).verify(
            json.loads(content), check_status=True, verify_status_list=False, download=download
        )
    else:
        OB3Verifier.for_issuer_did(case["did"], download=download).verify(
            content, check_status=True, verify_status_list=True, download=download
        )


said = {}
for case in json.load(sys.stdin):
    try:
        verify(case)
        said[case["name"]] = ""
    except Exception as problem:  # whatever it says
        said[case["name"]] = f"{type(problem).__name__}: {problem}"
print(json.dumps(said))
