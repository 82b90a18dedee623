"""How a platform wants its pages to look for a person, from custom parameters that Attune asks for."""

import json
import re
from collections.abc import Mapping

HIGH_CONTRAST = "attune_high_contrast"
BRAND = "attune_brand"
COLORS = {"accent": "ic-brand-primary"}
"""Our names for the colors of a brand, and Canvas's (its brandConfigJSON)."""
COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
LONGEST = 20_000


def high_contrast(custom: Mapping[str, str]) -> bool:
    """Whether the person asked their platform for more contrast."""
    return custom.get(HIGH_CONTRAST) == "true"


def brand(custom: Mapping[str, str]) -> dict[str, str] | None:
    """The brand's colors as "#rrggbb", by our names; None where there is none that can be understood."""
    text = custom.get(BRAND, "")
    try:
        said = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    colors = {ours: _color(said.get(theirs)) for ours, theirs in COLORS.items()}
    return {name: color for name, color in colors.items() if color is not None} or None


def _color(value: object) -> str | None:
    return value.lower() if isinstance(value, str) and COLOR.fullmatch(value) else None
