"""A small LMS: a course page with a frame, an authorization endpoint on another origin, and what its storage does."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request
from jwt.algorithms import RSAAlgorithm
from markupsafe import escape

from tests.lti_tool.web.course import ROLES
from tests.lti_tool.web.stub_lms import CLAIM, DEEP_LINKING, private_key, read_answer, signed_launch

LMS, SSO, TOOL, STRANGER = "lms.test", "sso.test", "tool.test", "stranger.test"
COURSE = '<!DOCTYPE html><title>Course</title><meta name="viewport" content="width=device-width">'
SUBMIT = "<script>document.forms[0].submit()</script>"
SUBMIT_LATER = '<script>addEventListener("load", () => document.forms[0].submit())</script>'


@dataclass
class SmallLms:
    """Where it is, and how it behaves. People are told apart by the address of the course page."""

    origin: str
    auth: str
    tool: str
    storage: str = "frame"
    """frame: beside the tool, on the authorization endpoint's origin; named: only capabilities name it;
    stolen: a stranger's frame has its name; leaky: it tells the stranger's frame how to answer in its place;
    full: it has no room; silent: nobody answers; none: the login speaks of no storage."""
    hostile: bool = False
    """Whether a stranger's frame answers everything, all the time."""
    told: list[str] = field(default_factory=list)
    """What came to the storage, and to the stranger's frame."""

    def app(self) -> Flask:
        """The pages of all its origins: which is which, browsers know by the address."""
        app = Flask("lms", static_folder=None)
        app.add_url_rule("/course", "course", self._course)
        app.add_url_rule("/auth", "auth", self._auth)
        app.add_url_rule("/storage", "storage", self._storage)
        app.add_url_rule("/hostile", "hostile", self._hostile)
        app.add_url_rule("/told", "told", self._told, methods=["POST"])
        app.add_url_rule("/returned", "returned", self._returned, methods=["POST"])
        app.add_url_rule("/jwks", "jwks", self._jwks)
        app.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
        return app

    def _course(self) -> str:
        """Ines's course; `?person=jo&course=course-2` is Jo's other one; with `picks=1` something is chosen for it."""
        target = {"none": None, "named": "_parent"}.get(self.storage, "storage_frame")
        login = {"iss": self.origin, "client_id": "client-1", "login_hint": request.query_string.decode() or "-",
                 "target_link_uri": f"{self.tool}/lti/launch"}  # fmt: skip
        login |= {"lti_storage_target": target} if target else {}
        frames = '<iframe name="tool" title="Attune" width="100%" height="1000"></iframe>'
        stranger = f"{self.origin.replace(LMS, STRANGER)}/hostile"
        if self.hostile:
            frames += f'<iframe name="other" src="{stranger}" hidden></iframe>'
        if self.storage in ("frame", "named", "stolen", "leaky", "full"):
            address = stranger if self.storage == "stolen" else f"{self.auth}/storage?{self.storage}"
            frames += f'<iframe name="storage_frame" src="{address}" hidden></iframe>'
        return COURSE + frames + form(f"{self.tool}/lti/login", SUBMIT_LATER + CAPABILITIES % self.storage, **login)

    def _auth(self) -> str:
        said = dict(part.split("=") for part in request.args["login_hint"].split("&") if "=" in part)
        person, course = said.get("person", "ines"), said.get("course", "course-1")
        changes = {
            "iss": self.origin,
            "sub": person,
            "name": f"{person.title()} Example",
            f"{CLAIM}roles": ROLES[person],
            f"{CLAIM}custom": {"attune_activity": said.get("activity", "")},
            f"{CLAIM}target_link_uri": f"{self.tool}/lti/launch",
            f"{CLAIM}context": {"id": course, "title": course.capitalize()},
            f"{CLAIM}resource_link": {"id": f"link-of-{course}", "title": "Observed practice"},
            f"{CLAIM}launch_presentation": {"locale": "en", "return_url": f"{self.origin}/course?course={course}"},
        }
        if said.get("picks"):
            wanted = {"deep_link_return_url": f"{self.origin}/returned", "accept_types": ["ltiResourceLink"]}
            changes |= {f"{CLAIM}message_type": "LtiDeepLinkingRequest", DEEP_LINKING: wanted}
        token = signed_launch(datetime.now(UTC), request.args["nonce"], **changes)
        return form(request.args["redirect_uri"], SUBMIT, target="_self", id_token=token, state=request.args["state"])

    def _storage(self) -> str:
        return STORAGE

    def _hostile(self) -> str:
        return HOSTILE

    def _told(self) -> Response:
        self.told.append(request.get_data(as_text=True))
        return Response(status=204)

    def _returned(self) -> str:
        items = read_answer(request.form["JWT"])["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"]
        return f"<h1>Added: {escape(', '.join(item['title'] for item in items))}</h1>"

    def _jwks(self) -> dict[str, Any]:
        return {"keys": [{**RSAAlgorithm.to_jwk(private_key().public_key(), as_dict=True), "kid": "k1"}]}


def form(action: str, then: str, target: str = "tool", **fields: object) -> str:
    """A form that posts itself into the tool's frame, or where it stands."""
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    start = f'<form method="post" action="{escape(action)}" target="{target}">'
    return f"{start}{inputs}<button>Go on</button></form>{then}"


CAPABILITIES = """<script>
const storage = "%s";
addEventListener("message", ({ data, source, origin }) => {
  if (storage === "silent" || data?.subject !== "lti.capabilities") return;
  const frame = storage === "named" ? { frame: "storage_frame" } : {};
  const supported_messages = ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, ...frame }));
  source.postMessage({ subject: "lti.capabilities.response", message_id: data.message_id, supported_messages }, origin);
});
</script>"""

STORAGE = """<!DOCTYPE html><title>Storage</title><script>
const kept = new Map();
addEventListener("message", ({ data, source, origin }) => {
  if (data?.subject !== "lti.put_data" && data?.subject !== "lti.get_data") return;
  fetch("/told", { method: "POST", body: `${data.subject} from ${origin}` });
  const key = origin + data.key;
  if (data.subject === "lti.put_data") kept.set(key, data.value);
  const answer = { subject: data.subject + ".response", message_id: data.message_id, key: data.key };
  if (location.search === "?leaky") return parent.frames.other.postMessage(answer, "*");
  if (location.search === "?full") answer.error = { code: "storage_exhaustion", message: "no room" };
  source.postMessage({ ...answer, value: kept.get(key) }, origin);
});
</script>"""

HOSTILE = """<!DOCTYPE html><title>Other</title><script>
addEventListener("message", ({ data }) => {
  fetch("/told", { method: "POST", body: "overheard " + data.subject });
  parent.frames.tool.postMessage({ ...data, value: "a stranger's" }, "*");
});
setInterval(() => {
  for (const subject of ["lti.put_data.response", "lti.get_data.response", "lti.capabilities.response"]) {
    const supported_messages = ["put", "get"].map((way) => ({ subject: `lti.${way}_data`, frame: "other" }));
    const answer = { subject, message_id: "guessed", key: "guessed", value: "a stranger's", supported_messages };
    parent.frames.tool?.postMessage(answer, "*");
  }
}, 20);
</script>"""
