"""The accent color of a platform's brand, where it can be read on our pages; elsewhere our own stays.

A stylesheet of one color. Its address holds the color and nothing else: no session, and the same for everyone.
"""

from functools import lru_cache

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from lti_tool.lti.appearance import COLOR
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.web.access import public

bp = Blueprint("brand", __name__)

READABLE = 4.5
"""The contrast that text needs (WCAG 2.2, success criterion 1.4.3)."""
BACKGROUNDS = {
    "light": ("#faf7f2", "#fffdfa", "#ffffff"),
    "dark": ("#171c1c", "#1f2626", "#0b2423"),
}
"""What the accent stands on, and what stands on it: --paper, --sheet and --on-teal of attune.css."""
RULE = (
    "@media (prefers-contrast: no-preference) and (prefers-color-scheme: %s) "
    "{ :root { --accent: %s; --accent-strong: %s; } }\n"
)
YEAR = "public, max-age=31536000, immutable"
MOST_KEPT = 256
"""Colors whose rules are remembered: anyone may ask for any."""


@bp.get("/brand/<color>.css")
@public
def stylesheet(color: str) -> ResponseReturnValue:
    """The rules of one color; not here for one that cannot be read anywhere."""
    text = rules(f"#{color}")
    if not text:
        raise NotHere
    return Response(text, mimetype="text/css", headers={"Cache-Control": YEAR})


def brand_url(visitor: Visitor | None) -> str | None:
    """The stylesheet of the visitor's brand; None where there is none, or more contrast was asked for."""
    accent = visitor.brand.get("accent") if visitor and not visitor.high_contrast else None
    return url_for("brand.stylesheet", color=accent[1:]) if accent and rules(accent) else None


@lru_cache(maxsize=MOST_KEPT)
def rules(color: str) -> str:
    """The accent in the schemes in which it can be read; empty for no color, or in none of them."""
    if not COLOR.fullmatch(color):
        return ""
    return "".join(RULE % (scheme, color, color) for scheme, near in BACKGROUNDS.items() if _readable(color, near))


def _readable(color: str, near: tuple[str, ...]) -> bool:
    return all(contrast(color, other) >= READABLE for other in near)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
