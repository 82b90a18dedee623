"""What a printed form says beside the rubric's own words, and the forms as templates and PDFs take them."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from lti_tool.documents import paper
from lti_tool.services.authoring.author import rubric_of
from lti_tool.web import current
from lti_tool.web.texts import gettext, language, readers_languages
from lti_tool.web.words import word
from rubrics.language import for_reader
from rubrics.observation import Mode
from rubrics.paper_code import shown
from rubrics.rubric import RubricVersion


def address_of(code: str) -> str:
    """Where the code leads when a phone reads it."""
    return f"{current.settings().public_url}{url_for('paper.form', code=code)}"


def forms_with(codes: Sequence[str], trainee: str = "") -> tuple[paper.Form, ...]:
    """A form for each code."""
    return tuple(paper.Form(shown(code), address_of(code), trainee) for code in codes)


def blank(version: RubricVersion, activity: str = "", forms: Sequence[paper.Form] = (paper.Form(),)) -> paper.Blank:
    """These forms of a rubric, in the reader's words."""
    return paper.Blank(
        rubric=for_reader(version.rubric, readers_languages()),
        activity=activity,
        forms=forms,
        language=language(),
        words=_words(version),
    )


def blank_of(version_id: Any, activity: str, forms: Sequence[paper.Form]) -> paper.Blank:
    """The same for the version that an activity or an observation names."""
    return blank(rubric_of(current.db(), version_id), activity, forms)


def _words(version: RubricVersion) -> paper.Words:
    place = f"{current.settings().public_url}{url_for('paper.find')}"
    return paper.Words(
        edition=_edition(version),
        qr=gettext("QR code: opens the observation that this form belongs to"),
        how_to_find=gettext("Later, read this picture with a phone, or type the code in at %(place)s", place=place),
        date=gettext("Date"),
        trainee=gettext("Trainee"),
        mode=gettext("How it is seen"),
        modes=[word(mode) for mode in Mode],
        agreed=gettext("Before you begin"),
        agreements=(
            gettext("The trainee agreed to this observation."),
            gettext("The person who is supported agreed to an observer."),
            gettext("Or: nobody is supported here, as in a role play or a case discussion."),
        ),
        reminders=(
            gettext("Everyone may say stop at any time, without a reason. Then nothing counts: destroy this paper."),
            gettext("No name of the person who is supported, and nothing by which they could be known."),
        ),
        strength=gettext("First: a strength you saw"),
        not_seen=gettext("Not seen today"),
        not_seen_hint=gettext("There was no occasion for it. It counts neither way."),
        evidence=gettext("What did you see or hear?"),
        growth=gettext("One thing to build next"),
        next_step=gettext("Last: a next step towards it"),
        afterwards=gettext("Keep this paper with you until it is typed in. Then destroy it."),
        page=gettext("Page"),
    )


def _edition(version: RubricVersion) -> str:
    edition = gettext("Edition %(number)d.", number=version.number)
    trial = gettext("Being tried out: it sets no score.") if version.rubric.pilot else ""
    return " ".join(part for part in (edition, trial, version.rubric.license) if part)
