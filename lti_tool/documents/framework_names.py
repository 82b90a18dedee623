"""From names that authors write (codes) to identifiers that stay."""

from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any
from uuid import UUID, uuid5

from lti_tool.documents import DocumentProblem
from lti_tool.documents.framework_entries import CompetencyEntries, FrameworkEntries, LinkEntries, WordsEntries
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N

_NAMES = UUID("a7e1c9f0-5b3d-4e62-9d14-3c0f6a1b7e28")


def identifier_of(key: str, code: str = "") -> str:
    """The identifier of the framework with this key, or of the competency with this code in it.

    The same names give the same UUID (version 5) everywhere, so that reading a file twice changes nothing.
    """
    return str(uuid5(_NAMES, f"{key}:{code}" if code else key))


def with_names(entries: FrameworkEntries, *, source: str) -> FrameworkEntries:
    """The same entries with identifiers everywhere. Raises `DocumentProblem` for a code that nothing here has."""
    competencies = [_identified(each, entries.key) for each in entries.competencies]
    names = {each.code: each.identifier for each in reversed(competencies) if each.code}
    # An identifier means itself, even where it is the code of another.
    names |= {each.identifier: each.identifier for each in competencies}
    known = _Names(names, source)
    words = _words_by_identifier(entries, known)
    return entries.model_copy(
        update={
            "identifier": entries.identifier or identifier_of(entries.key),
            "competencies": [
                each.model_copy(
                    update={
                        "parent": each.parent and known.find(each.parent, f"competencies[{position}].parent"),
                        "translations": [*each.translations, *words.get(each.identifier, {}).values()],
                    }
                )
                for position, each in enumerate(competencies, start=1)
            ],
            "links": [_between(each, known, f"links[{at}]") for at, each in enumerate(entries.links, start=1)],
        }
    )


def with_codes(document: dict[str, Any]) -> dict[str, Any]:
    """A framework's document as people read it: codes for identifiers where `with_names` finds the way back."""
    competencies = document.get("competencies", [])
    times = Counter(each.get("code", "") for each in competencies)
    identifiers = {each["identifier"] for each in competencies}
    codes = {
        each["identifier"]: each["code"]
        for each in competencies
        if times[each.get("code", "")] == 1 and each.get("code") and each["code"] not in identifiers
    }
    return document | {
        table: [
            {name: codes.get(value, value) if name in names else value for name, value in each.items()}
            for each in document[table]
        ]
        for table, names in (("competencies", {"parent"}), ("links", {"origin", "destination"}))
        if table in document
    }


class _Names:
    """What can be called by a name in this document."""

    def __init__(self, names: Mapping[str, str], source: str) -> None:
        self._names = names
        self._source = source

    def find(self, name: str, place: str, *, or_elsewhere: bool = True) -> str:
        """The identifier. A UUID that is not from here is taken at its word: it may name another framework's."""
        if name in self._names:
            return self._names[name]
        if or_elsewhere and _is_uuid(name):
            return name
        close = get_close_matches(name, self._names, n=1)
        if close:
            meant = _N("No competency in this document has the code “%(found)s”. Is it meant to be %(meant)s?")
            raise DocumentProblem(self._source, place, Sentence(meant, found=name, meant=close[0]))
        sentence = _N("No competency in this document has the code “%(found)s”. Please write one that is here.")
        raise DocumentProblem(self._source, place, Sentence(sentence, found=name))


def _identified(found: CompetencyEntries, key: str) -> CompetencyEntries:
    if found.identifier:
        return found
    return found.model_copy(update={"identifier": identifier_of(key, found.code or found.statement)})


def _between(found: LinkEntries, known: _Names, place: str) -> LinkEntries:
    origin = known.find(found.origin, f"{place}.origin")
    destination = known.find(found.destination, f"{place}.destination")
    identifier = found.identifier or identifier_of(f"{origin} {found.relation}", destination)
    return found.model_copy(update={"identifier": identifier, "origin": origin, "destination": destination})


def _words_by_identifier(entries: FrameworkEntries, known: _Names) -> dict[str, dict[str, WordsEntries]]:
    """The words of each competency, by language."""
    found: dict[str, dict[str, WordsEntries]] = {}
    for position, each in enumerate(entries.translations, start=1):
        for table, name in (("statements", "statement"), ("shorts", "short"), ("notes", "notes")):
            for code, text in getattr(each, table).items():
                identifier = known.find(code, f"translations[{position}].{table}.{code}", or_elsewhere=False)
                of_this = found.setdefault(identifier, {})
                before = of_this.get(each.language) or WordsEntries(language=each.language, statement="")
                of_this[each.language] = before.model_copy(update={name: text})
    return found


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
