"""Settings: read once from the environment, checked, frozen.

`config/example.env` shows every one with its meaning; a test keeps the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

MINIMUM_SECRET = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsProblem(Exception):
    """A setting is absent or wrong; the message names it and says how to mend it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator decides about one installation."""

    database_url: str
    """ATTUNE_DATABASE_URL: SQLAlchemy address of the database (sqlite:///... or postgresql://...)."""
    public_url: str
    """ATTUNE_PUBLIC_URL: the address under which browsers and LMSs reach Attune; no trailing slash."""
    secret_keys: tuple[str, ...] = field(repr=False)
    """ATTUNE_SECRET_KEY: secrets that sign and encrypt, newest first, separated by spaces.
    The first is used for everything new; the others only read what they once wrote."""
    lab: bool = False
    """ATTUNE_LAB: 1 allows plain http on loopback addresses. For the demo and tests only."""
    clock_ahead: timedelta = timedelta()
    """ATTUNE_LAB_CLOCK: seconds by which Attune's clock is ahead (below 0: behind). In the lab only."""
    proxy_hops: int = 0
    """ATTUNE_PROXY_HOPS: how many trusted proxies stand in front and set X-Forwarded headers."""
    private_hosts: Mapping[str, str] = field(default_factory=dict)
    """ATTUNE_PRIVATE_HOSTS: name=address[:port],... of LMSs inside a private network."""
    ca_bundle: str | None = None
    """ATTUNE_CA_BUNDLE: file with further certificate authorities for outbound https."""
    smtp_url: str | None = field(default=None, repr=False)
    """ATTUNE_SMTP_URL: the mail server, smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465.
    Without it no mail is sent, and pages offer a link and a code to be handed over."""
    mail_from: str | None = None
    """ATTUNE_MAIL_FROM: the address that mail comes from."""
    bind: str = "127.0.0.1:8400"
    """ATTUNE_BIND: address and port on which `attune serve` listens."""
    requests_a_minute: int = 1200
    """ATTUNE_REQUESTS_A_MINUTE: how much one person may ask of one process in a minute, and five times that many
    launches by one LMS; 0: as much as they like."""
    metrics: str | None = None
    """ATTUNE_METRICS: address and port at which Prometheus is answered, for example 127.0.0.1:9400; never one that
    everybody reaches. Without it nothing is counted."""
    files: str | None = None
    """ATTUNE_FILES: the directory in which files of evidence lie. With SQLite it is beside the database unless named;
    with PostgreSQL every machine has to reach the same one, so without it (and without ATTUNE_FILES_URL) there are
    no files, only links and notes."""
    files_url: str | None = field(default=None, repr=False)
    """ATTUNE_FILES_URL: a bucket instead, s3://key:secret@host/bucket, with ?region=... where the store wants one."""
    largest_file_mb: int = 500
    """ATTUNE_LARGEST_FILE: how large a file of evidence may be, in MB."""

    def clock(self) -> datetime:
        """The time as this installation has it."""
        return datetime.now(UTC) + self.clock_ahead

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over https, so that `__Host-` cookies can be used."""
        return self.public_url.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """Whether a mail server is named."""
        return self.smtp_url is not None

    @property
    def files_directory(self) -> Path | None:
        """Where files lie, or pass through on their way to a bucket; None: nowhere is named."""
        if self.files is not None:
            return Path(self.files)
        return Path(f"{make_url(self.database_url).database}.files") if self.on_sqlite else None

    @property
    def largest_file(self) -> int:
        """The same in bytes."""
        return self.largest_file_mb * 1_000_000

    @property
    def on_sqlite(self) -> bool:
        """SQLite carries an embedded worker; PostgreSQL has workers of its own."""
        return make_url(self.database_url).get_backend_name() == "sqlite"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the ATTUNE_ variables.

    Raises `SettingsProblem` for the first that is absent or wrong.
    """
    lab = _flag(environ, "ATTUNE_LAB")
    smtp_url = _smtp_url(environ)
    return Settings(
        database_url=_database_url(environ),
        public_url=_public_url(environ, lab=lab),
        secret_keys=_secret_keys(environ),
        lab=lab,
        clock_ahead=_clock_ahead(environ, lab=lab),
        proxy_hops=_count(environ, "ATTUNE_PROXY_HOPS"),
        private_hosts=_private_hosts(environ),
        ca_bundle=environ.get("ATTUNE_CA_BUNDLE") or None,
        smtp_url=smtp_url,
        mail_from=_mail_from(environ, smtp_url),
        bind=environ.get("ATTUNE_BIND") or "127.0.0.1:8400",
        requests_a_minute=_count(environ, "ATTUNE_REQUESTS_A_MINUTE", 1200),
        metrics=_metrics(environ),
        files=_files(environ),
        files_url=_files_url(environ),
        largest_file_mb=_count(environ, "ATTUNE_LARGEST_FILE") or 500,
    )


def _required(environ: Mapping[str, str], name: str, remedy: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsProblem(f"{name} is not set. {remedy}")
    return value


def _database_url(environ: Mapping[str, str]) -> str:
    name = "ATTUNE_DATABASE_URL"
    text = _required(environ, name, "For example: sqlite:////var/lib/attune/attune.db")
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingsProblem(
            f"{name} is not a database address: it should look like "
            "sqlite:////var/lib/attune/attune.db or postgresql://user:password@host/attune"
        ) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.get_backend_name() != "sqlite":
        raise SettingsProblem(f"{name} names {url.get_backend_name()}: use sqlite or postgresql.")
    if url.database in (None, "", ":memory:"):
        raise SettingsProblem(f"{name} names no file: sqlite:////var/lib/attune/attune.db does.")
    return text


def _public_url(environ: Mapping[str, str], *, lab: bool) -> str:
    name = "ATTUNE_PUBLIC_URL"
    text = _required(environ, name, "It is the https address of this Attune, as browsers see it.")
    parts = urlsplit(text)
    loopback = parts.hostname in LOOPBACK
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingsProblem(f"{name} should be an address without a path: https://attune.school.example")
    if parts.scheme == "https" or (parts.scheme == "http" and lab and loopback):
        return text.rstrip("/")
    raise SettingsProblem(f"{name} must begin with https://. Plain http works only with ATTUNE_LAB=1 on 127.0.0.1.")


def _secret_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    name = "ATTUNE_SECRET_KEY"
    make = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    keys = tuple(_required(environ, name, make).split())
    if any(len(key) < MINIMUM_SECRET for key in keys):
        raise SettingsProblem(f"{name} is shorter than {MINIMUM_SECRET} characters. {make}")
    return keys


def _smtp_url(environ: Mapping[str, str]) -> str | None:
    name = "ATTUNE_SMTP_URL"
    text = environ.get(name, "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    try:
        named = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        named = False
    if not named or parts.path.strip("/") or parts.query not in ("", "starttls=no"):
        raise SettingsProblem(
            f"{name} should look like smtp://user:password@mail.school.example:587 or "
            "smtps://user:password@mail.school.example:465. Write signs such as @ or / in a password as %40, %2F."
        )
    return text


def _mail_from(environ: Mapping[str, str], smtp_url: str | None) -> str | None:
    name = "ATTUNE_MAIL_FROM"
    text = environ.get(name, "").strip()
    if not text and smtp_url is None:
        return None
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or not text.isascii() or any(sign in text for sign in " <>,\r\n"):
        raise SettingsProblem(f"{name} should be the address that mail comes from: attune@school.example")
    return text


def _metrics(environ: Mapping[str, str]) -> str | None:
    name = "ATTUNE_METRICS"
    text = environ.get(name, "").strip()
    host, _, port = text.rpartition(":")
    if text and not (host and port.isdecimal() and 0 < int(port) < 65_536):
        raise SettingsProblem(f"{name} should be an address and a port: 127.0.0.1:9400")
    return text or None


def _files(environ: Mapping[str, str]) -> str | None:
    name = "ATTUNE_FILES"
    text = environ.get(name, "").strip()
    if not text:
        return None
    if not Path(text).is_absolute():
        raise SettingsProblem(f"{name} should be a whole path: /var/lib/attune/files")
    return text


def _files_url(environ: Mapping[str, str]) -> str | None:
    name = "ATTUNE_FILES_URL"
    text = environ.get(name, "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    try:
        whole = bool(parts.hostname and parts.username and parts.password) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    here = parts.scheme == "s3+http" and parts.hostname in LOOPBACK
    bucket = parts.path.strip("/")
    if not whole or not (parts.scheme == "s3" or here) or not bucket or "/" in bucket:
        raise SettingsProblem(
            f"{name} should look like s3://key:secret@s3.eu-central-1.amazonaws.com/bucket?region=eu-central-1. Write "
            "signs such as @ or / in a secret as %40, %2F. s3+http:// is for a store on the same machine only."
        )
    return text


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "0").strip()
    if value not in ("", "0", "1"):
        raise SettingsProblem(f"{name} should be 1 or 0, and is {value!r}.")
    return value == "1"


def _clock_ahead(environ: Mapping[str, str], *, lab: bool) -> timedelta:
    name = "ATTUNE_LAB_CLOCK"
    value = environ.get(name, "").strip() or "0"
    if not value.lstrip("+-").isdecimal() or len(value) > 9:
        raise SettingsProblem(f"{name} should be a number of seconds, such as 90 or -90, and is {value!r}.")
    if int(value) and not lab:
        raise SettingsProblem(f"{name} works only with ATTUNE_LAB=1: a wrong clock is for tests.")
    return timedelta(seconds=int(value))


def _count(environ: Mapping[str, str], name: str, usual: int = 0) -> int:
    value = environ.get(name, "").strip() or str(usual)
    if not value.isdecimal():
        raise SettingsProblem(f"{name} should be a whole number, and is {value!r}.")
    return int(value)


def _private_hosts(environ: Mapping[str, str]) -> dict[str, str]:
    name = "ATTUNE_PRIVATE_HOSTS"
    pairs = [pair.strip() for pair in environ.get(name, "").split(",") if pair.strip()]
    hosts = {}
    for pair in pairs:
        host, equals, address = pair.partition("=")
        if not (equals and host and address):
            raise SettingsProblem(f"{name} has {pair!r}: write name=address or name=address:port.")
        hosts[host.strip().lower()] = address.strip()
    return hosts
