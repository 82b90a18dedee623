"""attune credentials: verify a credential, whoever issued it."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from lti_tool.cli.opening import now
from lti_tool.documents import did
from lti_tool.documents.badge_checks import Checked, NotFound, Part, Step, Verdict, check
from lti_tool.documents.badge_reading import MOST_BYTES, Unreadable, read
from lti_tool.documents.sentences import Sentence
from lti_tool.safe_http import SafeHttp, Unreachable
from lti_tool.settings import LOOPBACK
from rubrics.refusal import _N

SECONDS = 20
"""So long one verification may take: a document can be built to take for ever."""
ACCEPTS = "application/vc+jwt, application/jwt, text/plain, application/json;q=0.5, */*;q=0.1"
PICTURES_FIRST = "image/png, text/plain, application/json, */*;q=0.1"
MARKS = {Verdict.GOOD: "ok      ", Verdict.NOT_SO: "not so  ", Verdict.UNKNOWN: "unknown "}
ENDS = {
    Verdict.GOOD: "This credential is valid.",
    Verdict.NOT_SO: "This credential is not valid: see what is marked “not so”.",
    Verdict.UNKNOWN: "Whether this credential is valid could not be found out: see what is marked “unknown”.",
}
EXIT = {Verdict.GOOD: 0, Verdict.NOT_SO: 1, Verdict.UNKNOWN: 2}


@click.group()
def credentials() -> None:
    """Verify credentials (Open Badges 3.0)."""


@credentials.command()
@click.argument("source", metavar="FILE|URL")
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
@click.option("--did", "did_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The issuer's DID document, instead of asking for it.")  # fmt: skip
@click.option("--status", "status_files", multiple=True,
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A status list, instead of asking for it; may be given several times.")  # fmt: skip
def verify(source: str, as_json: bool, did_file: Path | None, status_files: tuple[Path, ...]) -> None:
    """Verify a credential: a JWT, JSON with a proof, or a PNG that carries one.

    With --did and --status nothing is asked of the network. Exit status: 0 valid, 1 not valid, 2 not known.
    """
    http = None if did_file and not source.startswith("http") else _http()
    sources = _Sources(http, did_file, status_files)
    checked = _verified(source, sources)
    _say_json(checked) if as_json else _say(checked)
    sys.exit(EXIT[checked.verdict])


class _Sources:
    """What was handed in goes before what is asked for; with a DID document from a file nothing is asked for."""

    def __init__(self, http: SafeHttp | None, did_file: Path | None, status_files: tuple[Path, ...]) -> None:
        self._http, self._did, self._lists = http, did_file, status_files

    def did(self, name: str) -> bytes:
        if self._did is not None:
            return _content(self._did)
        return self.asked(did.address(name, plain=_is_lab(name)), "application/did+ld+json, application/json")

    def status(self, url: str) -> bytes:
        for each in self._lists:
            content = _content(each)
            if _is_at(content, url):
                return content
        return self.asked(url, ACCEPTS)

    def asked(self, url: str, accepts: str) -> bytes:
        if self._http is None:
            raise NotFound(Sentence(_N("It was not handed in, and nothing is asked of the network: %(url)s"), url=url))
        try:
            answer = self._http.request("GET", url, headers={"Accept": accepts}, limit=MOST_BYTES)
        except Unreachable as problem:
            raise NotFound(Sentence(_N("%(url)s could not be read. %(why)s"), url=url, why=problem)) from None
        if answer.status != 200:
            sentence = _N("%(url)s could not be read: the answer was %(status)s.")
            raise NotFound(Sentence(sentence, url=url, status=answer.status))
        return answer.body


def _verified(source: str, sources: _Sources) -> Checked:
    too_long = Sentence(_N("This takes longer than a credential should, so it was stopped."))
    try:
        with _at_most(SECONDS):
            is_address = source.startswith(("https://", "http://"))
            content = sources.asked(source, PICTURES_FIRST) if is_address else _content(Path(source))
            return check(content, sources, now())
    except NotFound as problem:
        return Checked((Step(Part.FILE, Verdict.UNKNOWN, problem.sentence),), None)
    except TimeoutError:
        return Checked((Step(Part.FILE, Verdict.UNKNOWN, too_long),), None)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError:
        raise NotFound(Sentence(_N("%(path)s cannot be opened."), path=path)) from None


def _is_at(content: bytes, url: str) -> bool:
    """Whether the file says that it is this list; `check` then verifies it."""
    try:
        return read(content).document.get("id") == url
    except Unreadable:
        return False


def _http() -> SafeHttp:
    return SafeHttp(lab=_lab(), ca_bundle=os.environ.get("ATTUNE_CA_BUNDLE") or None)


def _lab() -> bool:
    return os.environ.get("ATTUNE_LAB") == "1"


def _is_lab(name: str) -> bool:
    """In the lab an issuer on this machine is asked without https."""
    return _lab() and any(name.startswith(f"{did.WEB}{host}") for host in LOOPBACK)


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Raises `TimeoutError` in the midst of it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _say(checked: Checked) -> None:
    for step in checked.steps:
        click.echo(f"{MARKS[step.verdict]} {_plain(step.sentence)}")
    subject = (checked.document or {}).get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    if checked.verdict is Verdict.GOOD and isinstance(achievement, dict):
        click.echo(f"         {_plain(str(achievement.get('name')))}")
    click.echo(ENDS[checked.verdict])


def _plain(text: str) -> str:
    """Without what a terminal would take as a command: the words may be anybody's."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _say_json(checked: Checked) -> None:
    steps = [{"part": each.part, "verdict": each.verdict, "sentence": str(each.sentence)} for each in checked.steps]
    said = {"verdict": checked.verdict, "steps": steps, "credential": checked.document}
    click.echo(json.dumps(said, indent=2, ensure_ascii=False))
