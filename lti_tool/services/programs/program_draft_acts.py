"""What else is done in a program's draft: adding, moving and taking out stages, requirements and what is in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.documents.program_blanks import path_of
from lti_tool.documents.program_editing import appended, swapped, tables, value_at, with_table, with_value, without
from lti_tool.documents.program_field_texts import from_text
from lti_tool.documents.program_fields import Form
from lti_tool.documents.program_starts import CONDITIONS, REQUIREMENT_STARTS, condition
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.programs.program_draft_steps import change
from rubrics.keys import key_for
from rubrics.refusal import Refused
from rubrics.typed import several

LONGEST_TITLE = 300
MOST = 300
"""Stages or requirements of one program."""


def add_stage(session: Session, by: Author, program_id: UUID, title: str, kind: str, now: datetime) -> None:
    """A stage behind the others; what is no certification comes after the first one. Raises `Refused`."""
    title = _title(title)

    def how(text: str, said: Any) -> str:
        every = said.get("stages", [])
        _check_number(every)
        stage = {"key": key_for(title, _keys(every), otherwise="stage-"), "title": title}
        if kind != "certification" and every:
            stage |= {"kind": kind, "after": str(every[0].get("key", ""))}
        return with_table(text, "stages", stage)

    change(session, by, program_id, f"add:stages/{title}", how, now)


def add_requirement(
    session: Session, by: Author, program_id: UUID, *, stage: str, title: str, start: str, now: datetime
) -> str:
    """A requirement behind those of its stage, asking what `start` begins with; the answer is its key."""
    title = _title(title)
    made = [""]

    def how(text: str, said: Any) -> str:
        every = said.get("requirements", [])
        _check_number(every)
        if stage not in _keys(said.get("stages", [])):
            raise Refused("not_a_choice", "Please choose one of those shown.")
        made[0] = key = key_for(title, _keys(every), otherwise="requirement-")
        need, names = REQUIREMENT_STARTS[start].need(key.replace("-", "_"))
        after = max((number for number, each in enumerate(every) if each.get("stage") == stage), default=None)
        text = with_table(text, "requirements", {"key": key, "stage": stage, "title": title, **need}, after=after)
        for name, value in names.items():
            text = _with_word(text, said, name, value)
        return text

    if start not in REQUIREMENT_STARTS:
        raise Refused("not_a_choice", "Please choose one of those shown.")
    change(session, by, program_id, f"add:requirements/{title}", how, now)
    return made[0]


def move(session: Session, by: Author, program_id: UUID, place: str, by_how_many: int, now: datetime) -> None:
    """Have a stage, or a requirement within its stage, change places with the one before or after it."""

    def how(text: str, said: Any) -> str:
        table, number = _one(said, place)
        every = said[table]
        stage = every[number].get("stage")
        same = [each for each in range(len(every)) if table == "stages" or every[each].get("stage") == stage]
        to = same.index(number) + by_how_many
        return swapped(text, table, number, same[to]) if 0 <= to < len(same) else text

    change(session, by, program_id, f"move:{place}", how, now)


def take_out(session: Session, by: Author, program_id: UUID, place: str, now: datetime) -> None:
    """Take a stage with all that it asks, a requirement, or a part of one out. Raises `Refused`."""

    def how(text: str, said: Any) -> str:
        path = path_of(said, place)
        if path is None or path[0] == "program" or len(path) < 2:
            raise Refused("taken_out", "What this belongs to was taken out meanwhile. The history has it.")
        if path[0] in ("stages", "requirements") and len(path) == 2:
            _check_not_the_last(said, path)
        if path[0] == "stages" and len(path) == 2:
            key = said["stages"][path[1]].get("key")
            for number, each in reversed(list(enumerate(said.get("requirements", [])))):
                if each.get("stage") == key:
                    text = without(text, ("requirements", number))
        text = without(text, path)
        while len(path) > 3 and not value_at(tables(text), path[:-1]):
            path = path[:-1]
            text = without(text, path)
        return text

    change(session, by, program_id, f"take_out:{place}", how, now)


def add_part(session: Session, by: Author, program_id: UUID, place: str, start: str, now: datetime) -> None:
    """One more way or part in a list of them."""

    def how(text: str, said: Any) -> str:
        path = path_of(said, place)
        if path is None or len(path) < 3 or path[0] != "requirements" or start not in REQUIREMENT_STARTS:
            raise Refused("not_a_choice", "Please choose one of those shown.")
        if not isinstance(value_at(said, path), list):
            raise Refused("not_a_choice", "Please choose one of those shown.")
        key = value_at(said, (*path[:2], "key"))
        need, names = REQUIREMENT_STARTS[start].need(str(key or "").replace("-", "_"))
        text = appended(text, path, need)
        for name, value in names.items():
            text = _with_word(text, said, name, value)
        return text

    change(session, by, program_id, f"add:{place}", how, now)


def add_condition(
    session: Session, by: Author, program_id: UUID, place: str, typed: dict[str, str], now: datetime
) -> None:
    """One more condition of a selection: `what`, and as it needs them `name`, `value`, `amount`. Raises `Refused`."""

    def how(text: str, said: Any) -> str:
        path = path_of(said, place)
        of = None if path is None else value_at(said, path)
        if path is None or not isinstance(of, dict) or typed.get("what") not in CONDITIONS:
            raise Refused("not_a_choice", "Please choose one of those shown.")
        where, value = condition(typed)
        if where[-1] in of and where[0] != "where":
            raise Refused("there_already", "This is asked here already. Please change it where it stands.")
        here = (*path, *where)
        if isinstance(value, str) and where[0] in ("since", "until", "last", "within"):
            value = from_text(Form.PERIOD if where[0] in ("last", "within") else Form.DAY, here, said, value)
        if where[0] in ("caps", "not_counting"):
            return appended(text, here, value) if where[0] in of else with_value(text, here, [value])
        return with_value(text, here, value)

    change(session, by, program_id, f"add:{place}", how, now)


def add_names(session: Session, by: Author, program_id: UUID, name: str, values: str, now: datetime) -> None:
    """A name that rules and evidence meet by, with its values. Raises `Refused`."""
    name = "_".join(name.casefold().split())
    if not name.replace("_", "").isalnum() or len(name) > 60:
        raise Refused("please_check", "Please write a word of letters and digits, such as category.")
    words = ["_".join(each.split()) for each in several(values)]
    change(
        session, by, program_id, f"add:names/{name}", lambda text, _said: with_value(text, ("names", name), words), now
    )


def add_table(session: Session, by: Author, program_id: UUID, table: str, now: datetime) -> None:
    """What the program says of time, or its edition, where it says nothing yet."""
    begin = {"lifecycle": {"valid_for": "24 months"}, "editions": {"key": "1"}}
    if table not in begin:
        raise Refused("not_a_choice", "Please choose one of those shown.")

    def how(text: str, said: Any) -> str:
        return text if said.get(table) else with_table(text, table, begin[table])

    change(session, by, program_id, f"add:{table}", how, now)


def _with_word(text: str, said: Any, name: str, value: str) -> str:
    known = value_at(said, ("names", name))
    if not known or value in known:
        return text
    return appended(text, ("names", name), value)


def _one(said: Any, place: str) -> tuple[str, int]:
    path = path_of(said, place)
    if path is None or len(path) != 2 or path[0] not in ("stages", "requirements") or not isinstance(path[1], int):
        raise Refused("taken_out", "What this belongs to was taken out meanwhile. The history has it.")
    return str(path[0]), path[1]


def _check_not_the_last(said: Any, path: tuple[str | int, ...]) -> None:
    if len(said[path[0]]) == 1:
        raise Refused("only_one", "This is the only one there is. Please add another one before you take it out.")
    stages = said.get("stages", [])
    left = [
        each
        for each in said.get("requirements", [])
        if path[0] != "stages" or each.get("stage") != stages[int(path[1])].get("key")
    ]
    if not left:
        raise Refused("only_one", "This is the only one there is. Please add another one before you take it out.")


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Refused("still_needed", "Please write how it is called.")
    if len(title) > LONGEST_TITLE:
        raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=LONGEST_TITLE)
    return title


def _keys(every: Any) -> set[str]:
    return {str(each.get("key", "")) for each in every}


def _check_number(every: Any) -> None:
    if len(every) >= MOST:
        raise Refused("too_many", "There are very many of these. Please leave some out first.")
