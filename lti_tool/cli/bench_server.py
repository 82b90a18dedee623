"""What gunicorn serves in a benchmark: Attune, and a bare Flask app beside it as the floor."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from lti_tool.app import from_environment

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def application() -> Wsgi:
    """Attune as the environment says, with the floor beside it."""
    return beside_the_floor(from_environment().wsgi_app)


def beside_the_floor(attune: Wsgi) -> Wsgi:
    """Attune, but `/bare` is answered by a Flask app with one view that says "ok"."""
    bare = Flask("bare")
    bare.add_url_rule("/bare", view_func=lambda: "ok")

    def either(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        serve = bare.wsgi_app if environ["PATH_INFO"] == "/bare" else attune
        return serve(environ, start_response)

    return either
