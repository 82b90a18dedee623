"""A credential, in real browsers: asked for, taken along, shown, verified by anybody; suspended, withdrawn, ended."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Frame, Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from lti_tool.cli import attune
from lti_tool.services.credentials import holding_acts, holding_pages, issuing
from lti_tool.services.credentials.holding_acts import Wish
from lti_tool.store.base import new_id
from lti_tool.store.credentials import CredentialRow, CredentialShareRow
from lti_tool.store.programs import EnrollmentRow
from tests.databases import PostgresServer, SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.journeys.test_the_path import Desk
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.holding_rows import certified
from tests.lti_tool.services.path_rows import program_lead

WHAT = "Peer support: Certification"
NAME = "Samira Example"
WHY = "It names another edition of the rules."


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    """Sam was certified ten days ago, Noor more than a year ago; Lea leads the program."""
    fresh = sqlite_files.fresh(tmp_path)
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        fresh = server.fresh()
    with fresh as url, served_course(url) as served:
        program_lead(served.course.world)
        certified(served.course.world)
        served.course.kept()
        yield served


def test_cap_d7_a_credential_from_the_decision_to_whoever_checks_it(
    served: Served, visitors: Visitors, tmp_path: Path, picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:  # fmt: skip
    sam = Desk(served, visitors.phone(), served.course.token("sam"), picture, accessible)
    lea = Desk(served, visitors.desktop(), served.course.token("lea"), picture, accessible)
    anybody = Outside(served, visitors.phone(), picture, accessible)
    at = _has_it_made(sam)
    badge = _takes_it_along(sam, tmp_path)
    assert _verified(badge).exit_code == 0
    anybody.is_not_let_in(at)
    address = _opens_its_page(sam)
    _is_on_paper(sam, address)
    anybody.finds(address, "valid")
    anybody.page.get_by_role("link", name="Verify now").click()
    anybody.sees(WHAT)
    anybody.reads("It was not withdrawn.")
    with _row(served, at) as row:
        issuing.suspend(served.course.world.session, row, None, served.course.world.now)
    anybody.finds(address, "suspended")
    assert "It is suspended by its issuer." in _verified(badge).output
    with _row(served, at) as row:
        issuing.reinstate(served.course.world.session, row, None, served.course.world.now)
    _is_withdrawn(lea, at)
    anybody.finds(address, re.compile("withdrawn on "))
    expect(anybody.page.get_by_text(WHY)).to_have_count(0)
    assert _verified(badge).exit_code == 1
    sam.at(at, WHAT)
    sam.reads(WHY)
    lea.press("Issue a new one in its place")
    anybody.finds(address, "valid")


def test_a_credential_whose_last_day_is_over_says_so_to_everybody(
    served: Served, visitors: Visitors, picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]
) -> None:
    address = _ended(served)
    anybody = Outside(served, visitors.phone(), picture, accessible)
    anybody.finds(address, re.compile("ended on "))
    anybody.page.get_by_role("link", name="Verify now").click()
    anybody.sees(WHAT)
    anybody.reads("It ended on")
    noor = Desk(served, visitors.phone(), served.course.token("noor"), picture, accessible)
    noor.at("/credentials", "Your credentials")
    noor.follow(WHAT)
    noor.sees(WHAT)
    noor.reads("there may be a way back")
    expect(noor.page.get_by_text("LinkedIn")).to_have_count(0)


class Outside(Desk):
    """Somebody without an account."""

    def __init__(
        self, served: Served, page: Page, picture: Callable[[Page, str], None],
        accessible: Callable[[Page | Frame], None],
    ) -> None:  # fmt: skip
        self.served, self.page, self.picture, self.accessible = served, page, picture, accessible

    def finds(self, address: str, stands: str | re.Pattern[str]) -> None:
        self.page.goto(address)
        self.sees(WHAT)
        expect(self.page.locator(".stands strong")).to_have_text(stands)
        expect(self.page.get_by_text("Valid until")).to_have_count(1 if stands == "valid" else 0)

    def is_not_let_in(self, path: str) -> None:
        answer = self.page.request.get(f"{self.served.url}{path}/credential.jwt", max_redirects=0)
        assert not answer.ok


def _has_it_made(sam: Desk) -> str:
    """The answer is where it is."""
    sam.at("/credentials", "Your credentials")
    sam.follow("See what would be in it")
    sam.sees(re.compile("credential", re.IGNORECASE))
    sam.write("Your name on it", NAME)
    sam.press("Make it for me")
    sam.sees(WHAT)
    sam.reads("only you")
    sam.at("/credentials", "Your credentials")
    sam.follow(WHAT)
    sam.sees(WHAT)
    return sam.page.url.removeprefix(sam.served.url).partition("?")[0]


def _takes_it_along(sam: Desk, folder: Path) -> Path:
    with sam.page.expect_download() as download:
        sam.page.get_by_role("link", name="Picture with the credential in it (PNG)").click()
    badge = folder / "credential.png"
    download.value.save_as(badge)
    return badge


def _opens_its_page(sam: Desk) -> str:
    sam.page.get_by_role("checkbox", name="Show my name").check()
    sam.press("Open the page")
    sam.sees(WHAT)
    sam.reads("anyone with the address can see it")
    return sam.page.get_by_label("Its address").input_value()


def _is_on_paper(sam: Desk, address: str) -> None:
    with sam.page.expect_download() as download:
        sam.page.get_by_role("link", name="Certificate to print (PDF, A4 paper)").click()
    said = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages[0].extract_text()
    assert NAME in said
    assert address in "".join(said.split())


def _is_withdrawn(lea: Desk, at: str) -> None:
    lea.at(f"{at}/for-leads", "Credential of Sam Example")
    lea.write("Why, for the holder to read", WHY)
    lea.press("Withdraw it")
    lea.sees("Credential of Sam Example")
    lea.reads(WHY)


def _verified(badge: Path) -> Result:
    """As somebody checks it who has nothing but the picture: the issuer is asked, and nobody else."""
    return CliRunner().invoke(attune, ["credentials", "verify", str(badge)], env={"ATTUNE_LAB": "1"})


@contextmanager
def _row(served: Served, at: str) -> Iterator[CredentialRow]:
    """To be changed as a decision changes it."""
    served.course.kept()
    yield served.course.world.session.get_one(CredentialRow, UUID(at.rpartition("/")[2]))
    served.course.kept()


def _ended(served: Served) -> str:
    """The address of the page of Noor's, who was certified for a year and some days ago."""
    world = served.course.world
    now, session, noor = world.now, world.session, world.visitor("noor")
    sams = session.scalars(select(EnrollmentRow)).one()
    enrollment = EnrollmentRow(
        id=new_id(), organization_id=world.organization_id, program_id=sams.program_id, person_id=noor.person_id,
        version_id=sams.version_id, entered_on=now.date() - timedelta(days=500), enrolled_by=noor.person_id,
        enrolled_at=now,
    )  # fmt: skip
    session.add(enrollment)
    session.flush()
    decision_id = decided(world, enrollment, now.date() - timedelta(days=375))
    then = now - timedelta(days=300)
    made = holding_acts.ask(
        session, noor, decision_id, Wish("Noor Example", "en"), public_url=served.url, now=then
    )  # fmt: skip
    holding_pages.show(session, noor, made, name=True, said=False, agreed=False, now=then)
    link = session.scalars(select(CredentialShareRow.link)).one()
    served.course.kept()
    return f"{served.url}/c/{link}"
