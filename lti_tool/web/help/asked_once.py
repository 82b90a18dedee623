"""Help beside the pages that ask once before something is done."""

from lti_tool.web.texts import _N

ASKED_ONCE = {
    _N(
        "Nothing has happened yet: this page asks once before it is done. Please read what it means. If you would "
        "rather not, “Leave it as it is” takes you back."
    ): (
        "appeals/apart.html",
        "appeals/withdraw.html",
        "authors/end.html",
        "cells/clear.html",
        "decisions/surrender.html",
        "enrolling/take_out.html",
        "external/end.html",
        "frameworks/remove.html",
        "ledger/delete.html",
        "ledger/reverse.html",
        "library/retire.html",
        "observations/call_off.html",
        "observations/stop.html",
        "observations/take_away.html",
        "observations/withdraw.html",
        "operator/end.html",
        "operator/switch_off.html",
        "people/revoke.html",
        "placements/end.html",
        "privacy/erase.html",
        "privacy/own_alone.html",
        "scope/end.html",
        "sites/put_away.html",
        "terms/end.html",
    ),
    _N(
        "Nothing has happened yet: this page asks once before it is done. Please read what it means. No reason is "
        "asked. You can also go back, and all of it stays as it is."
    ): (
        "observations/decline.html",
        "rating/stop.html",
        "replying/leave.html",
        "rating/go_on.html",
        "replying/amend.html",
    ),
}
