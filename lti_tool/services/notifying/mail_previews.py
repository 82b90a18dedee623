"""Every mail as it looks, put together by the code that sends it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.languages import languages
from lti_tool.services.notifying.contact import CAN_BE_MUTED
from lti_tool.services.notifying.mail_words import Filling, Written, written
from lti_tool.services.observations.lines import display_name
from lti_tool.store.mail import MailKind
from lti_tool.store.organizations import OrganizationRow

PATHS = {MailKind.INVITATION: "/invitation/…", MailKind.COPY: "/copy/…", MailKind.MERGE: "/merge/stop/…"}
EXAMPLE_CODES = {MailKind.SIGNING: "123456"}
EXAMPLE_CODE = "12345678"


@dataclass(frozen=True, slots=True)
class Preview:
    """One kind of mail, in one language."""

    kind: MailKind
    language: str
    written: Written


def preview(
    session: Session, visitor: Visitor, kind: MailKind, language: str, *, public_url: str, named: bool
) -> Preview:
    """As it would come from the visitor's institution; an invitation as one in their own name."""
    organization = session.get_one(OrganizationRow, visitor.organization_id).name
    me = f"{display_name(visitor.person_id, visitor.name)}, {organization}"
    filling = Filling(
        sender=me if kind is MailKind.INVITATION else organization,
        organization=organization,
        named=named,
        link=f"{public_url}{PATHS.get(kind, '/messages')}",
        code=EXAMPLE_CODES.get(kind, EXAMPLE_CODE),
        stop_url=f"{public_url}/mail/stop/…" if kind in CAN_BE_MUTED else None,
    )
    return Preview(kind, language, written(kind, filling, language))


def previews(session: Session, visitor: Visitor, *, public_url: str, named: bool) -> tuple[Preview, ...]:
    """All kinds in all languages, language by language."""
    return tuple(
        preview(session, visitor, kind, language, public_url=public_url, named=named)
        for language in languages()
        for kind in MailKind
    )
