"""An LMS and Attune on different sites, over https: with certificates of its own, for browsers of its own."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from werkzeug.serving import make_server

from lti_tool.app import create_app
from lti_tool.services import organizations
from lti_tool.services.connecting import platforms
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine, open_sessions
from tests import chromium
from tests.databases import SECRET
from tests.journeys.small_lms import LMS, SSO, STRANGER, TOOL, SmallLms
from tests.living import free_port
from tests.lti_tool.web.stub_lms import private_key

ARGUMENTS = [*chromium.ARGUMENTS, "--host-resolver-rules=MAP *.test 127.0.0.1", "--ignore-certificate-errors"]
"""For Chromium: our names are on this machine, and our certificates are good."""


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority, and a certificate of it for all our names; made for this run and worth nothing elsewhere."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Journeys")])
    now = datetime.now(UTC)

    def sign(name: str, public: Any, *extensions: x509.ExtensionType) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(authority)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=2))
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(authority_key, hashes.SHA256())

    of_authority = sign("Journeys", authority_key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in (LMS, SSO, TOOL, STRANGER)])
    of_sites = sign(LMS, key.public_key(), names)
    paths = folder / "authority.pem", folder / "sites.pem", folder / "sites.key"
    paths[0].write_bytes(of_authority.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(of_sites.public_bytes(serialization.Encoding.PEM))
    paths[2].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@dataclass
class Cookies:
    """Stands before Attune, and can keep all cookies out of frames, as browsers do that know no partitioned ones."""

    app: Any
    in_frames: bool = True

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.in_frames or environ.get("HTTP_SEC_FETCH_DEST") == "document":
            return self.app(environ, start_response)
        environ.pop("HTTP_COOKIE", None)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [(name, text) for name, text in headers if name != "Set-Cookie"], *rest)

        return self.app(environ, start)


@dataclass(frozen=True, slots=True)
class Sites:
    """Where everything is, and what a browser needs to find it."""

    lms: SmallLms
    app: Flask
    cookies: Cookies


@contextmanager
def serving(app: Any, port: int, secrets: tuple[Path, Path]) -> Iterator[None]:
    """Serve over https for as long as the block lasts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*secrets)
    server = make_server("127.0.0.1", port, app, threaded=True, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def sites(folder: Path, database_url: str) -> Iterator[Sites]:
    """A small LMS and Attune, which knows it."""
    authority, certificate, key = certificates(folder)
    private_key()  # before two threads ask for it at once
    lms_port, tool_port = free_port(), free_port()
    lms = SmallLms(f"https://{LMS}:{lms_port}", f"https://{SSO}:{lms_port}", f"https://{TOOL}:{tool_port}")
    register(database_url, lms)
    settings = Settings(
        database_url=database_url,
        public_url=lms.tool,
        secret_keys=(SECRET,),
        private_hosts=dict.fromkeys((LMS, SSO), f"127.0.0.1:{lms_port}"),
        ca_bundle=str(authority),
    )
    app = create_app(settings)
    cookies = Cookies(app)
    with ExitStack() as stack:
        stack.callback(app.extensions["attune"].sessions.engine.dispose)
        stack.enter_context(serving(cookies, tool_port, (certificate, key)))
        stack.enter_context(serving(lms.app(), lms_port, (certificate, key)))
        yield Sites(lms, app, cookies)


def register(database_url: str, lms: SmallLms) -> None:
    """Attune knows the LMS."""
    engine = open_engine(database_url, (SECRET,))
    with open_sessions(engine).begin() as session:
        now = datetime.now(UTC)
        platform = platforms.NewPlatform(
            name="LMS", family="other", issuer=lms.origin, client_id="client-1",
            auth_url=f"{lms.auth}/auth", token_url=f"{lms.auth}/token", jwks_url=f"{lms.origin}/jwks",
        )  # fmt: skip
        platforms.add(session, organizations.organization_named(session, "School", now), platform, now)
    engine.dispose()
