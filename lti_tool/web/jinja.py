"""What every template can use: words, dates, addresses of static files, keys of forms."""

import hashlib
from functools import cache
from typing import Any

from babel import Locale
from flask import Flask, request
from flask_babel import Babel, get_locale
from jinja2 import StrictUndefined

from lti_tool.documents.formats import FORMATS
from lti_tool.paths import STATIC, TRANSLATIONS
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.languages import SOURCE_LANGUAGE, nearest
from lti_tool.services.organizations import LEAVE_PAGE
from lti_tool.web import acts, csrf, current, moments, security, words
from lti_tool.web.amounts import amount
from lti_tool.web.around import around
from lti_tool.web.authoring.library import language_name
from lti_tool.web.brand import brand_url
from lti_tool.web.help import help_here
from lti_tool.web.icons import icon
from lti_tool.web.leads import lead_pages
from lti_tool.web.said import said
from lti_tool.web.texts import comma, gettext, plain, plain_many, quoted, semicolon
from lti_tool.web.way_back import to_course
from lti_tool.web.wellbeing.support_directory import at_hand

ARRIVAL_PAGES = frozenset(
    {
        "landing.landing", "landing.queue", "courses.course", "my_programs.everything", "my_programs.one",
        "placed_programs.landing", "operator.overview",
    }
)  # fmt: skip
"""Where people arrive, and nothing that they write would be held up: terms are asked about here."""


def use_templates(app: Flask) -> None:
    """Set Jinja and Babel up."""
    # There are more templates than the 400 that Jinja would keep.
    app.jinja_options = {**app.jinja_options, "cache_size": -1}
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    Babel(
        app,
        default_locale=SOURCE_LANGUAGE,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=_chosen_locale,
    )
    app.jinja_env.install_gettext_callables(plain, plain_many, newstyle=True)  # type: ignore[attr-defined]  # jinja2.ext.i18n
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # Jinja's own alias looks it up at every call
    app.jinja_env.globals.update(
        act_key=acts.new_key,
        arrival_pages=ARRIVAL_PAGES,
        csp_nonce=security.csp_nonce,
        file_formats=FORMATS,
        around=around,
        comma=comma,
        help_here=help_here,
        lead_pages=lead_pages,
        language_name=language_name,
        locale=_locale,
        now=current.now,
        person_mark=csrf.person_mark,
        said=said,
        semicolon=semicolon,
        static_url=static_url,
        support_at_hand=at_hand,
        way_to_course=to_course,
    )
    app.jinja_env.filters.update(
        translated=gettext,
        word=words.word,
        icon_of=icon,
        day=moments.day,
        day_and_time=moments.day_and_time,
        quoted=quoted,
        amount=amount,
    )
    app.context_processor(_known_everywhere)


def leave_page_url(visitor: Visitor | None) -> str:
    """The neutral site that the visitor's organization chose, or the usual one."""
    chosen = visitor.leave_page_url if visitor else ""
    return chosen if chosen.startswith(("https://", "http://")) else LEAVE_PAGE


def _known_everywhere() -> dict[str, Any]:
    visitor = current.visitor_so_far()
    return {
        "visitor": visitor,
        "framed": security.framed(),
        "brand_url": brand_url(visitor),
        "leave_page_url": leave_page_url(visitor),
    }


def _chosen_locale() -> str:
    """The launch's or the browser's language, or the nearest of it, among those we have."""
    visitor = current.visitor_so_far()
    launched = visitor.locale if visitor else None
    return nearest((launched, *(language for language, _weight in request.accept_languages)))


def _locale() -> Locale:
    return get_locale() or Locale.parse(SOURCE_LANGUAGE)


@cache
def static_url(name: str) -> str:
    """The address changes with the content, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
