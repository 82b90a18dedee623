"""A package for a board on paper: what the JSON beside it says, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grading.evidence import Outcome
from grading.ledger import EntryKind
from grading.lifecycle.status import Status
from grading.proof import Answer
from lti_tool.documents.decision_pdf import Item, Letter, Section
from lti_tool.services.exchange import packages
from lti_tool.services.exchange.packages import Packed
from lti_tool.web.amounts import amount
from lti_tool.web.certification.notice_words import outcome_word
from lti_tool.web.moments import day, day_and_time
from lti_tool.web.programs.proof_words import status_word, word_of
from lti_tool.web.texts import _N, comma, language
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Assurance, Lane, Meaning

BY = {
    "kind": _N("By kind"),
    "category": _N("By category"),
    "setting": _N("By setting"),
    "model": _N("By practice model"),
}
OF: Mapping[str, Any] = {"kind": EntryKind, "setting": Setting, "model": PracticeModel}


def letter(packed: Packed) -> Letter:
    """All of it, in the order in which a board reads it."""
    content = packed.content
    status = content["status"]
    return Letter(
        title=_("Record for a board"),
        opening=(
            _("What %(organization)s holds of %(name)s.", organization=content["organization"]["name"],
              name=packed.name),
            _("With the file package.json anybody can check all of it without a connection, also the signatures: "
              "attune audit verify attune-board.zip"),
            _(packages.LEFT_OUT),
        ),
        facts=(
            (_("Name"), packed.name),
            (_("Program"), f"{content['program']['name']}, {content['program']['body']}"),
            (_("Edition"), content["program"]["edition"]),
            (_("Status on %(day)s", day=day(date.fromisoformat(status["on"]))), status_word(Status(status["status"]))),
        ),
        sections=(
            Section(_("What is asked"), items=tuple(_requirement(each) for each in content["requirements"])),
            *_hours(content["hours"]),
            Section(_("Signatures"), items=tuple(_signature(each) for each in content["signatures"])),
            Section(_("Decisions"), items=tuple(_decision(each) for each in content["decisions"])),
        ),
        language=language(),
        page=_("Page"),
    )  # fmt: skip


def _requirement(each: Mapping[str, Any]) -> Item:
    there = amount(Decimal(each["amount"]), each["unit"]) if each["amount"] is not None else ""
    return Item(each["title"], word=word_of(Answer(each["answer"]))[0], notes=(there,) if there else ())


def _hours(hours: list[Mapping[str, Any]]) -> list[Section]:
    found = []
    for by, heading in BY.items():
        facts = tuple(
            (_value(by, each["value"]), amount(Decimal(each["amount"]), each["unit"]))
            for each in hours
            if each["by"] == by
        )
        if facts:
            found.append(Section(_("Signed hours: %(by)s", by=_(heading)), facts=facts))
    return found


def _value(by: str, value: str) -> str:
    return word(OF[by](value)) if by in OF else value.replace("_", " ")


def _signature(each: Mapping[str, Any]) -> Item:
    kinds = comma().join(one["kind"] for one in each["qualifications"])
    notes = [
        _("%(lane)s, %(meaning)s, %(assurance)s", lane=word(Lane(each["lane"])), meaning=word(Meaning(each["meaning"])),
          assurance=word(Assurance(each["assurance"]))),
        _("Qualified on that day in: %(kinds)s", kinds=kinds) if kinds else _("No qualification was recorded by then."),
    ]  # fmt: skip
    if each["withdrawn_at"]:
        notes.append(_("Withdrawn on %(when)s", when=day_and_time(datetime.fromisoformat(each["withdrawn_at"]))))
    notes.append(f"SHA-256 {each['digest']}")
    at = day_and_time(datetime.fromisoformat(each["signed_at"]))
    return Item(f"{each['signer']['name']}, {at}", notes=tuple(notes))


def _decision(each: Mapping[str, Any]) -> Item:
    text = each["stage"] or _("The certificate")
    notes = [
        _("From %(day)s, decided by %(name)s", day=day(date.fromisoformat(each["on"])), name=each["decided_by"]),
        f"SHA-256 {each['digest']}",
    ]
    return Item(text, word=outcome_word(Outcome(each["outcome"])), notes=tuple(notes))
