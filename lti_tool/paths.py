"""Where templates and config lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


TEMPLATES = _find("templates")
CONFIG = _find("config")
STATIC = PACKAGE / "static"
TRANSLATIONS = PACKAGE / "translations"
MIGRATIONS = PACKAGE / "migrations"
