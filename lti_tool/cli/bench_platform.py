"""The benchmark's LMS: one key, one course, many people; only its key set is ever asked for."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

from lti_tool.lti.claims import Course, Launch, Platform, ResourceLink
from lti_tool.lti.keys import NewKey, new_key, sign

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
CLIENT = "bench-client"


class BenchPlatform:
    """What an LMS would send."""

    def __init__(self, base_url: str, key: NewKey) -> None:
        self._base_url = base_url
        self._key = key
        self.launch_url = ""

    def registration(self) -> dict[str, Any]:
        """The fields of `services.connecting.platforms.NewPlatform`."""
        return {
            "name": "Benchmark",
            "family": "bench",
            "issuer": self._base_url,
            "client_id": CLIENT,
            "auth_url": f"{self._base_url}/auth",
            "token_url": f"{self._base_url}/token",
            "jwks_url": f"{self._base_url}/jwks",
            "deployment_ids": ("1",),
        }

    def instructor(self, registration_id: UUID) -> Launch:
        """A launch of the instructor, as it is after verification: for seeding without HTTP."""
        return Launch(
            registration_id=registration_id,
            issuer=self._base_url,
            client_id=CLIENT,
            deployment_id="1",
            message_type="LtiResourceLinkRequest",
            sub="instructor",
            name="Instructor",
            given_name=None,
            family_name=None,
            email=None,
            roles=(INSTRUCTOR,),
            context=Course(id="2", title="Practicum", label=None),
            resource_link=ResourceLink(id="1", title="Observed practice"),
            custom={},
            target_link_uri=self.launch_url,
            ags=None,
            memberships_url=None,
            deep_linking=None,
            return_url=None,
            locale="en",
            document_target="iframe",
            for_user=None,
            groups_url=None,
            notices=None,
            platform=Platform(None, None),
            placement=None,
        )

    def login(self, person: int, launch_url: str) -> dict[str, str]:
        """The parameters of a login initiation."""
        return {
            "iss": self._base_url,
            "client_id": CLIENT,
            "login_hint": str(person),
            "lti_message_hint": "7",
            "lti_deployment_id": "1",
            "target_link_uri": launch_url,
        }

    def id_token(self, person: int, nonce: str, launch_url: str) -> str:
        """A signed launch of one person."""
        moment = int(time.time())
        claims = {
            "iss": self._base_url,
            "aud": CLIENT,
            "sub": str(person),
            "iat": moment,
            "exp": moment + 60,
            "nonce": nonce,
            "name": f"Person {person}",
            f"{LTI}version": "1.3.0",
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}deployment_id": "1",
            f"{LTI}target_link_uri": launch_url,
            f"{LTI}roles": [LEARNER],
            f"{LTI}context": {"id": "2", "title": "Practicum"},
            f"{LTI}resource_link": {"id": "1", "title": "Observed practice"},
            f"{LTI}launch_presentation": {"locale": "en", "return_url": f"{self._base_url}/course/2"},
        }
        return sign(claims, private_pem=self._key.private_pem, kid=self._key.public_jwk["kid"])


def only_registered(base_url: str) -> BenchPlatform:
    """One from which nobody comes: it needs no key."""
    return BenchPlatform(base_url, NewKey("", {}))


@contextmanager
def running_platform() -> Iterator[BenchPlatform]:
    """The platform with its key set on a loopback port until the block ends."""
    key = new_key()
    body = json.dumps({"keys": [key.public_jwk]}).encode()

    class KeySet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), KeySet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield BenchPlatform(f"http://127.0.0.1:{server.server_port}", key)
    finally:
        server.shutdown()
        server.server_close()
