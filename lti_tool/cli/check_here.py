"""What `attune check` looks at on this machine: the secret, the file with the settings, room, fonts, translations."""

import io
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from lti_tool.cli.finding import Finding
from lti_tool.documents.typeset import FONTS, CannotPrint, sample
from lti_tool.file_store import Away, FileStore, Full, NotStored
from lti_tool.paths import TRANSLATIONS
from lti_tool.settings import Settings

ENVIRONMENT_FILE = Path("/etc/attune/attune.env")
"""Where the units of config/deploy read the settings."""
MAKE_ONE = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
FEWEST_SIGNS = 10
"""Different ones: what is drawn at random with 32 characters has more."""
LEAST_ROOM, LEAST_SHARE = 1_000_000_000, 0.05
"""Bytes, and of the whole disk: below both is too little."""


def secret(settings: Settings) -> Finding:
    """Whether the newest secret looks as if it had been drawn at random, and how many former ones are still there."""
    newest, *former = settings.secret_keys
    if len(set(newest)) < FEWEST_SIGNS:
        return Finding("secret", "it repeats few signs, so it may be guessed.", f"{MAKE_ONE} See docs/operate.md#keys")
    if not former:
        return Finding("secret", f"one, of {len(newest)} signs")
    return Finding(
        "secret",
        f"the newest of {len(settings.secret_keys)}; former ones go once all is encrypted anew: docs/operate.md#keys",
    )


def settings_file(path: Path = ENVIRONMENT_FILE) -> Iterator[Finding]:
    """Whether others on this machine can read the secret."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if mode & stat.S_IROTH:
        yield Finding("settings file", f"{path} can be read by everybody here.", f"Run: chmod 0640 {path}")
    elif mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield Finding("settings file", f"{path} can be changed by others.", f"Run: chmod 0640 {path}")
    else:
        yield Finding("settings file", f"{path} is for its owner and group alone")


def room(settings: Settings) -> Iterator[Finding]:
    """Where something of ours grows on a disk of this machine."""
    places = {}
    if settings.on_sqlite:
        places["database"] = Path(str(make_url(settings.database_url).database)).parent
    if settings.files_directory is not None:
        places["files"] = _there(settings.files_directory)
    devices = set()
    for what, place in places.items():
        try:
            used, device = shutil.disk_usage(place), os.stat(place).st_dev
        except OSError:
            continue
        if device in devices:
            continue
        devices.add(device)
        free = f"{used.free / 1e9:.1f} GB are free at {place}"
        if used.free < LEAST_ROOM or used.free < LEAST_SHARE * used.total:
            yield Finding(
                "room", f"only {free} ({what}).", "Make room, or move it to a larger disk, before it is full."
            )
        else:
            yield Finding("room", free)


def _there(place: Path) -> Path:
    """The directory, or the one above it in which it will be made."""
    return next((one for one in (place, *place.parents) if one.is_dir()), place)


def files_take_and_give(store: FileStore | None) -> Iterator[Finding]:
    """Write a small file, read it, and take it away again."""
    if store is None:
        return
    name, content = secrets.token_hex(16), secrets.token_bytes(64)
    remedy = "Check ATTUNE_FILES or ATTUNE_FILES_URL: that it is there, that this user may write, and that it has room."
    try:
        store.put(name, io.BytesIO(content))
        found = b"".join(store.read(name))
        store.delete(name)
    except Full:
        yield Finding("files", "there is no room for another one.", remedy)
    except (Away, NotStored, OSError):
        yield Finding("files", "one that was written could not be read and taken away again.", remedy)
    else:
        if found != content:
            yield Finding("files", "one that was written came back as another.", remedy)
        else:
            yield Finding("files", "one was written, read and taken away again")


def papers() -> Finding:
    """Whether forms on paper and certificates can be made: the typesetter and its fonts."""
    remedy = "Install the wheel and requirements/runtime.txt again."
    if not any(FONTS.glob("*.ttf")):
        return Finding("papers", f"no font is at {FONTS}.", remedy)
    try:
        sample()
    except CannotPrint as problem:
        return Finding("papers", f"no PDF can be made: {problem}.", remedy)
    return Finding("papers", "a PDF can be made")


def translations(folder: Path = TRANSLATIONS) -> Finding:
    """Whether each language was compiled."""
    places = {path.parent.name: path / "messages.mo" for path in folder.glob("*/LC_MESSAGES")}
    absent = sorted(language for language, file in places.items() if not file.is_file())
    if absent or not places:
        said = ", ".join(absent) or "none is there"
        return Finding("languages", f"not compiled: {said}.", "Install the wheel again; in a checkout: make setup")
    return Finding("languages", ", ".join(["en", *sorted(places)]))
