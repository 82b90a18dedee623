"""What hatchling does beside packing: compiles the catalogs, and takes templates and config into the wheel.

Not part of the wheel. `python lti_tool/translations/build.py` compiles by hand.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TRANSLATIONS = Path(__file__).resolve().parent


def compile_catalogs(translations: Path) -> list[Path]:
    """Write a `.mo` beside every `.po` below `translations`, and name those written."""
    compiled = []
    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as text:
            catalog = read_po(text, locale=source.parts[-3])
        target = source.with_suffix(".mo")
        with target.open("wb") as binary:
            write_mo(binary, catalog)
        compiled.append(target)
    return compiled


class CatalogHook(BuildHookInterface):  # type: ignore[type-arg]  # generic only in the type stubs of hatchling
    """Called by hatchling before it packs a wheel (`standard`) or makes an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; the wheel then takes the `.mo` files by `artifacts` in pyproject.toml.

        An editable install finds templates and config in the checkout, see `lti_tool/paths.py`.
        """
        compile_catalogs(TRANSLATIONS)
        if version == "standard":
            build_data["force_include"] |= {"templates": "lti_tool/templates", "config": "lti_tool/config"}


if __name__ == "__main__":
    compile_catalogs(TRANSLATIONS)
