"""What the tables of competencies have in common: names for the parents in a file, and identifiers that stay."""

from collections import Counter
from uuid import UUID

from grading.competency import Competency, Framework, Link, Relation
from lti_tool.documents.brought import Brought
from lti_tool.documents.columns import Record
from lti_tool.documents.framework_names import identifier_of
from lti_tool.documents.rows import Checking, problem
from rubrics.keys import is_key, key_for
from rubrics.refusal import _N


def only_framework(brought: Brought, name: str) -> Framework:
    """The framework, where a file of this format holds one. Raises `DocumentProblems` for none or several."""
    if len(brought.frameworks) != 1:
        sentence = _N("A file of this format holds one framework, not %(found)s. Please take them along one by one.")
        raise problem(name, "the whole file", sentence, found=len(brought.frameworks))
    return brought.frameworks[0]


def key_of(name: str) -> str:
    """The key of the framework that a file calls so; the same name always has the same."""
    lower = name.casefold()
    return lower if is_key(lower) else key_for(name, (), otherwise="framework")


def link(origin: str, relation: Relation, destination: str) -> Link:
    """A link whose identifier comes from what it says."""
    identifier = identifier_of(f"{origin} {relation}", destination)
    return Link(identifier=identifier, origin=origin, relation=relation, destination=destination)


def as_identifier(name: str) -> str | None:
    """The name where it is a UUID, as identifiers are written; else None."""
    try:
        return str(UUID(name)) if len(name) == 36 else None
    except ValueError:
        return None


def written_names(framework: Framework, *, longest: int = 100) -> dict[str, str]:
    """What to call each competency in a table: its code where it alone has it, else its identifier."""
    times = Counter(each.code for each in framework.competencies)
    return {each.identifier: _written_name(each, times[each.code], longest) for each in framework.competencies}


def _written_name(competency: Competency, times: int, longest: int) -> str:
    code = competency.code
    alone = code and times == 1 and len(code) <= longest and as_identifier(code) is None
    return code if alone else competency.identifier


def alone(record: Record, name: str, before: dict[str, int], checking: Checking) -> None:
    """Tells that an earlier line has the same name; else remembers this one."""
    found = record[name]
    if found and found in before:
        checking.say(
            record.place(name),
            _N("“%(found)s” stands in line %(line)s already. Please give each its own."),
            found=found,
            line=before[found],
        )
    before.setdefault(found, record.line)


def shortened_title(text: str, longest: int) -> str:
    """The beginning of the text on one line, as long as the other program takes it."""
    return " ".join(text.split())[:longest].rstrip()


def own_short(short: str, statement: str, longest: int) -> str:
    """The short name, or empty where it is only the beginning of the statement."""
    cut = short.rstrip(".… ")
    line = " ".join(statement.split())
    only_cut = len(cut) >= longest - 20 and line.startswith(cut)
    return "" if " ".join(short.split()) == line or only_cut else short
