"""A platform that Attune does not know yet, and its administrator, for Dynamic Registration."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from tests.certification import forms
from tests.certification.place import Answer, Attune, Browser, words_of
from tests.lti_tool.lti.server import Asked, StubServer, as_json

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MESSAGES = ("LtiResourceLinkRequest", "LtiDeepLinkingRequest")


@dataclass
class NewLms:
    """A platform that Attune does not know yet, and the browser of its administrator."""

    attune: Attune
    server: StubServer
    path: str
    organization_id: UUID
    browser: Browser
    address: str
    """What Attune's operator handed out."""
    configuration: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        url = f"{self.server.url}{self.path}"
        self.configuration = {
            "issuer": url,
            "authorization_endpoint": f"{url}/auth",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/jwks",
            "registration_endpoint": f"{url}/register",
            "scopes_supported": ["openid", AGS + "score", AGS + "lineitem", AGS + "result.readonly", ROSTER],
            PLATFORM: {
                "product_family_code": "moodle",
                "version": "5.0",
                "messages_supported": [{"type": one} for one in MESSAGES],
            },
        }
        self.say()
        self.answer({"client_id": f"made{self.path.replace('/', '-')}", TOOL: {"deployment_id": "1"}})

    @property
    def openid_configuration(self) -> str:
        return f"{self.server.url}{self.path}/openid"

    def say(self, **changes: Any) -> None:
        """Serve the configuration; a change of None leaves a member out."""
        said = {name: value for name, value in {**self.configuration, **changes}.items() if value is not None}
        self.server.reply(f"{self.path}/openid", as_json(said))

    def answer(self, made: dict[str, Any], status: int = 200) -> None:
        self.server.reply(f"{self.path}/register", as_json(made, status))

    def open(self, token: str | None = "reg-token", **changes: str | None) -> Answer:
        """The page behind the address that the administrator pasted into the LMS."""
        params = {"openid_configuration": self.openid_configuration, "registration_token": token, **changes}
        return self.browser.get(self.address, params={name: value for name, value in params.items() if value})

    def agree(self, page: Answer) -> Answer:
        """Press the first button, and follow to where it leads."""
        answer = forms.send(self.browser, page, forms.forms(page)[0])
        if answer.status_code == 303:
            return self.browser.get(self.attune.url + answer.headers["Location"])
        return answer

    def registered(self) -> Answer:
        page = self.agree(self.open())
        assert page.status_code == 200, words_of(page.text)
        return page

    def asked(self) -> list[Asked]:
        return self.server.asked_at(f"{self.path}/register")

    def request(self) -> Any:
        (asked,) = self.asked()
        return asked.json

    def kept(self) -> list[RegistrationRow]:
        with self.attune.session() as session:
            return list(
                session.scalars(select(RegistrationRow).where(RegistrationRow.organization_id == self.organization_id))
            )

    def deployments(self) -> list[str]:
        with self.attune.session() as session:
            return list(
                session.scalars(
                    select(DeploymentRow.deployment_id).where(DeploymentRow.organization_id == self.organization_id)
                )
            )
