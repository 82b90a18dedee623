"""The contexts of credentials are those of their publishers, byte for byte, and no other is ever loaded."""

import json
import tomllib
from hashlib import sha256

import pytest

from lti_tool.documents import badge_integrity
from lti_tool.documents.badge_contexts import CREDENTIALS, FOLDER, OPEN_BADGES, UnknownContext, known, load
from tests.lti_tool.documents.badges import badge, changed

LISTED = tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))["contexts"]


@pytest.mark.parametrize("listed", LISTED, ids=lambda each: each["file"])
def test_a_context_has_its_digest_origin_license_and_notice(listed: dict[str, str]) -> None:
    assert sha256((FOLDER / listed["file"]).read_bytes()).hexdigest() == listed["sha256"]
    assert all(listed[name].strip() for name in ("origin", "license", "notice"))


def test_every_kept_context_is_listed_and_no_other_is_loaded() -> None:
    assert set(known()) == {CREDENTIALS, OPEN_BADGES}
    assert {path.name for path in FOLDER.glob("*.jsonld")} == {each["file"] for each in LISTED}
    with pytest.raises(UnknownContext):
        load("https://www.w3.org/2018/credentials/v1")


@pytest.mark.parametrize("place", ["", "issuer", "credentialSubject", "achievement"])
def test_what_no_context_knows_is_not_signed(place: str) -> None:
    pytest.importorskip("pyld")

    def add(it: dict[str, object]) -> None:
        inside = {"": it, "achievement": it["credentialSubject"]["achievement"]}.get(place) or it[place]  # type: ignore[index]
        inside["newTerm"] = "x"  # type: ignore[index]

    with pytest.raises(badge_integrity.NotSignable):
        badge_integrity.check(changed(add))
    badge_integrity.check(json.loads(json.dumps(badge())))
