"""How the practice LMS answers over HTTP: problems, JSON, and what is read from a request."""

import json
from typing import Any, cast

from flask import Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from lti_tool.practice.platform import Platform


class ServiceProblem(Exception):
    """A call that gets an answer for a machine: a status, and a sentence in its JSON and in the call log.

    `answer` is the whole body where an LMS has a form of its own: text as it stands, anything else as JSON.
    `reason` is what follows the status in its line, where that is not the usual phrase.
    """

    def __init__(
        self,
        status: int,
        sentence: str,
        *,
        code: str = "invalid_request",
        challenge: str = "",
        answer: Any = None,
        media_type: str = "application/json",
        reason: str = "",
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.code = code
        self.challenge = challenge
        self.answer = answer
        self.media_type = media_type
        self.reason = reason


class PageProblem(Exception):
    """A visit that ends on a page for a person, naming everything that was wrong."""

    def __init__(self, status: int, heading: str, *sentences: str) -> None:
        super().__init__("; ".join(sentences))
        self.status = status
        self.heading = heading
        self.sentences = sentences


def platform() -> Platform:
    """The LMS that this request is for."""
    found = g.get("lms") or current_app.extensions["practice_lms"]
    return cast(Platform, found)


def note(sentence: str) -> None:
    """Say something about this call in the call log."""
    g.notes = [*g.get("notes", []), sentence]


def service_problem(problem: ServiceProblem) -> Response:
    """The JSON that a service answers with when something was wrong."""
    note(problem.sentence)
    if problem.answer is None:
        answer = jsonify(error=problem.code, error_description=problem.sentence)
        answer.status_code = problem.status
    elif isinstance(problem.answer, str):
        answer = Response(problem.answer, status=problem.status, content_type=problem.media_type)
    else:
        answer = json_answer(problem.answer, status=problem.status, media_type=problem.media_type)
    if problem.reason:
        answer.status = f"{problem.status} {problem.reason}"
    if problem.challenge:
        answer.headers["WWW-Authenticate"] = problem.challenge
    return answer


def http_problem(problem: HTTPException) -> Response:
    """The same for what Flask itself finds: unknown paths and methods."""
    return service_problem(ServiceProblem(problem.code or 500, f"{request.method} {request.path}: {problem.name}"))


def json_answer(value: Any, *, status: int = 200, media_type: str = "application/json") -> Response:
    """JSON with the media type that the service promises."""
    return Response(json.dumps(value), status=status, content_type=media_type)


def read_json(*media_types: str) -> dict[str, Any]:
    """The object that was sent, strictly: exact media type, no repeated names, no NaN."""
    if request.mimetype not in media_types:
        raise ServiceProblem(415, f"Content-Type is {request.mimetype or 'missing'}, and should be {media_types[0]}")
    try:
        value = json.loads(request.get_data(), object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise ServiceProblem(400, f"the body is not JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise ServiceProblem(400, "the body is not a JSON object")
    g.body = value
    return value


def wants(media_type: str) -> None:
    """Let pass only a call that accepts this media type by name, or says nothing: so does Moodle."""
    accept = request.headers.get("Accept")
    named = [part.split(";")[0].strip().lower() for part in (accept or media_type).split(",")]
    if media_type not in named:
        raise ServiceProblem(406, f"Accept is {accept}, and should name {media_type}")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice")
    return value


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")
