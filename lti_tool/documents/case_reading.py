"""A CASE package while it is read."""

from dataclasses import dataclass

from lti_tool.documents import case_models as case
from lti_tool.documents.html_text import text_of_html
from lti_tool.documents.rows import Checking


@dataclass(frozen=True, slots=True)
class Reading:
    """A package while it is read: what was found odd so far, and how its texts become plain."""

    package: case.Package
    language: str
    checking: Checking

    @property
    def own(self) -> case.OwnOfDocument:
        """What Attune said of the whole, if it wrote the package."""
        return self.package.cf_document.extensions.attune

    def plain(self, text: str) -> str:
        """The text without marks: others write HTML, Attune does not."""
        return text if self.own.plain else text_of_html(text.replace("\r\n", "\n"))
