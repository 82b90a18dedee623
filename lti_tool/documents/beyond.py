"""What a format cannot hold, by the names of the fields: on the way in, that stays as it stands here."""

from dataclasses import dataclass, fields

from grading.competency import Competency, Framework, Relation
from rubrics.rubric import Criterion, Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """Names of fields; `links` are the relations of a crosswalk."""

    rubric: frozenset[str] = frozenset()
    criterion: frozenset[str] = frozenset()
    level: frozenset[str] = frozenset()
    alignment: frozenset[str] = frozenset()
    framework: frozenset[str] = frozenset()
    competency: frozenset[str] = frozenset()
    links: frozenset[Relation] = frozenset()

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = Beyond()


def _but(kind: type, *held: str) -> frozenset[str]:
    """All fields but those that the format holds, and those that say which is which."""
    return frozenset(each.name for each in fields(kind)) - {"key", "identifier", *held}


PLAIN_RUBRIC = Beyond(
    rubric=frozenset({"translations", "reviewed_by_lived_experience"}),
    alignment=frozenset({"identifier", "reason", "citation"}),
)
CANVAS_RUBRICS = Beyond(
    rubric=_but(Rubric, "title", "criteria"),
    criterion=_but(Criterion, "statement", "guide", "levels"),
    level=frozenset({"example"}),
)
PLAIN_FRAMEWORK = Beyond(
    framework=frozenset({"translations", "uri", "changed_at", "adoption_status", "reviewed_by_your_people"}),
    competency=frozenset({"translations", "uri", "changed_at", "type_name", "deprecated_on"}),
    links=frozenset(Relation),
)
MOODLE = Beyond(
    framework=_but(Framework, "title", "description", "competencies", "links"),
    competency=_but(Competency, "code", "statement", "short", "parent", "kind", "type_name"),
    links=frozenset(Relation) - {Relation.RELATED},
)
CANVAS_OUTCOMES = Beyond(
    framework=_but(Framework, "title", "description", "competencies", "links", "uri"),
    competency=_but(Competency, "code", "statement", "short", "parent", "notes", "uri", "deprecated_on"),
    links=frozenset(Relation) - {Relation.CHILD},
)
