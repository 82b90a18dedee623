"""How often one address may ask at the doors where a stranger can make us work: generous for people and platforms.

Each process counts for itself, in memory. That is enough here: the limits keep a flood from costing signatures,
questions to platforms and database time; what must not be guessed is guarded by the length of secrets and by
counted attempts.
"""

from collections.abc import Mapping
from typing import cast

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded

from lti_tool.web.access import View

LIMITS: Mapping[str, str] = {
    "notices.take": "600 per minute",
    "registration.ask": "120 per minute",
    "registration.agree": "120 per minute",
    "registration.ask_to_update": "120 per minute",
    "registration.update": "120 per minute",
    "connect.connect_by_invitation": "120 per minute",
    "sign_in.enter": "120 per minute",
    "paper.find": "600 per minute",
    "paper.form": "600 per minute",
    "health.ready": "600 per minute",
    "public_credentials.page": "240 per minute",
    "public_credentials.verify": "60 per minute",
    "public_credentials.as_jwt": "60 per minute",
}
"""By endpoint: so many requests of one address. A school may sit behind one address."""


def use_limits(app: Flask) -> None:
    """Count at these doors; to be called when the routes are there. Raises `KeyError` for a door that is not."""
    limiter = Limiter(
        lambda: request.remote_addr or "",
        app=app,
        storage_uri="memory://",
        strategy="moving-window",
        swallow_errors=False,
    )
    for endpoint, limit in LIMITS.items():
        app.view_functions[endpoint] = cast(View, limiter.limit(limit)(app.view_functions[endpoint]))


def come_back_after(problem: RateLimitExceeded) -> int:
    """Seconds after which there is room again for certain."""
    return int(problem.limit.limit.get_expiry())
