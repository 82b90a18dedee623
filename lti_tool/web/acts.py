"""Acts: forms that do something once, however often they are posted.

The form macro adds a random key. The same form with the same content, posted again by the same person,
leads where the first post led. A form that was edited in between is a new act: nothing typed is swallowed.
"""

import hashlib
import json
import secrets
from functools import wraps

from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from lti_tool.services import acts
from lti_tool.web import current
from lti_tool.web.access import View
from lti_tool.web.way_back import way_back

FIELD = "act"
SHORTEST, LONGEST = 16, 64


def new_key() -> str:
    """The key of one form on one page."""
    return secrets.token_urlsafe(16)


def act(view: View) -> View:
    """A view that acts on POST and then leads elsewhere; GET passes through."""

    @wraps(view)
    def once(*args: object, **values: object) -> ResponseReturnValue:
        if request.method in current.SAFE_METHODS:
            return view(*args, **values)
        key = key_of_this_form()
        led_to = acts.begin(current.db(), current.visitor(), key, current.now())
        if led_to is not None:
            return redirect(led_to or way_back(), 303)
        response = make_response(view(*args, **values))
        if response.status_code >= 400:
            return response  # the transaction is rolled back, and the key with it
        if not response.location:
            raise RuntimeError(f"{request.endpoint} acted and led nowhere: answer with a redirect, or 422")
        acts.done(current.db(), current.visitor(), key, response.location)
        return response

    once.attune_twice = "act"  # type: ignore[attr-defined]  # read by web.access.check_routes
    return once


def key_of_this_form() -> str:
    """Names this form with this content; the form macro made the random part of it."""
    random_part = request.form.get(FIELD, "")
    if not SHORTEST <= len(random_part) <= LONGEST:
        abort(400)
    content = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    content += sorted((name, _digest_of(file)) for name, file in request.files.items(multi=True))
    return hashlib.sha256(json.dumps([request.path, content]).encode()).hexdigest()


def _digest_of(file: FileStorage) -> str:
    """Another file in the same form is another act."""
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a stream of bytes
    file.stream.seek(0)
    return f"{file.filename} {digest}"
