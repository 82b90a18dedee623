"""The fields that say what kind of practice it is: `model`, `setting`, `interpreter`. Each is optional."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypedDict

from flask import abort

from lti_tool.services.observations.practice_kinds import Kind, Said
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.practice import PracticeModel, Setting

INTERPRETER = {"yes": True, "no": False, "not_said": None, "": None}


class KindFields(TypedDict):
    """What the template shows."""

    models: list[tuple[str, str]]
    settings: list[tuple[str, str]]
    model: str
    setting: str
    interpreter: str | None


def said_in(fields: Mapping[str, str]) -> Said:
    """What these fields say; only what is among them. Answers 400 to what no form of ours sends."""
    said: dict[str, PracticeModel | Setting | bool | None] = {}
    try:
        if "model" in fields:
            said["model"] = PracticeModel(fields["model"]) if fields["model"] else None
        if "setting" in fields:
            said["setting"] = Setting(fields["setting"]) if fields["setting"] else None
        if "interpreter" in fields:
            said["interpreter"] = INTERPRETER[fields["interpreter"]]
    except (KeyError, ValueError):
        abort(400)
    return said


def kind_fields(kind: Kind, typed: Mapping[str, str] | None = None) -> KindFields:
    """The fields as they were said, or as they were typed."""
    named = {True: "yes", False: "no", None: None}
    fields = typed or {}
    return {
        "models": _choices(PracticeModel),
        "settings": _choices(Setting),
        "model": fields.get("model", kind.model or ""),
        "setting": fields.get("setting", kind.setting or ""),
        "interpreter": fields.get("interpreter", named[kind.interpreter]),
    }


def _choices(values: type[StrEnum]) -> list[tuple[str, str]]:
    return [("", _("Not said")), *((value.value, word(value).capitalize()) for value in values)]
