"""The practice LMS in threads of the caller: for tests, and for the demo."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lti_tool.practice.app import make_app, make_auth_app
from lti_tool.practice.authority import Authority
from lti_tool.practice.handle import PracticeLms
from lti_tool.practice.neighbors import Neighbors
from lti_tool.practice.origins import Origins, port_of
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import Profile
from lti_tool.practice.profiles import profile_named
from lti_tool.practice.serving import Certificate, base_url_of, bind, serving
from lti_tool.practice.tickets import Clock, utc_now


@contextmanager
def running_practice_lms(
    data_directory: Path,
    port: int = 0,
    *,
    profile: str = "strict",
    host: str = "127.0.0.1",
    fresh: bool = False,
    clock: Clock = utc_now,
    origins: Origins | None = None,
    shares_issuer_with: PracticeLms | None = None,
    tls: Certificate | None = None,
    host_names: Mapping[str, str] | None = None,
    save_every: float = 0.0,
) -> Iterator[PracticeLms]:
    """Run the LMS in threads until the block ends. Raises `PortInUse`, `StateProblem`, LookupError for a profile.

    Port 0 is any free one; a profile whose sign-in is apart also takes the two ports after it. Give the
    same directory and port again to go on where it stopped.

    `origins` are the addresses that browsers and tools use; each port in them is listened on. `tls` is the
    paths of a certificate and its key. `host_names` says which names stand for which loopback address when
    the LMS, or its visitor, calls a tool. An LMS that shares the issuer of another one has its keys, its
    sign-in and its tokens. With `save_every` what it remembers is written down only every so many seconds, and at
    the end: for many scores.
    """
    chosen = profile_named(profile)
    neighbors = Neighbors(host_names)
    with ExitStack() as stack:
        listening = stack.enter_context(bind(host, port_of(origins.institution) if origins else port))
        base_url = origins.institution if origins else base_url_of(listening, tls)
        if shares_issuer_with is not None:
            authority = shares_issuer_with.platform.authority
        elif chosen.apart:
            beside = origins or _origins_beside(base_url, port)
            authority = _authority_apart(stack, chosen, host, clock, neighbors, origins=beside, tls=tls)
        else:
            authority = Authority(base_url, base_url, clock, neighbors)
        platform = Platform(base_url, data_directory, chosen, authority=authority, fresh=fresh, save_every=save_every)
        stack.callback(_leave, authority, platform)
        stack.enter_context(serving(make_app(platform), listening, tls))
        yield PracticeLms(platform)


def _authority_apart(
    stack: ExitStack,
    profile: Profile,
    host: str,
    clock: Clock,
    neighbors: Neighbors,
    *,
    origins: Origins,
    tls: Certificate | None,
) -> Authority:
    """Sign-in and issuer on origins of their own, served from now on."""
    wanted = (origins.issuer, origins.auth)
    sockets = [stack.enter_context(bind(host, port_of(address) if address else 0)) for address in wanted]
    issuer, auth = (given or base_url_of(one, tls) for given, one in zip(wanted, sockets, strict=True))
    authority = Authority(issuer, auth, clock, neighbors)
    app = make_auth_app(authority, profile)
    for one in sockets:
        stack.enter_context(serving(app, one, tls))
    return authority


def _origins_beside(base_url: str, port: int) -> Origins:
    """The two ports after the one that was asked for, so that addresses stay over a restart; else any free ones."""
    place = base_url.rsplit(":", 1)[0]
    return Origins(base_url, f"{place}:{port + 1}", f"{place}:{port + 2}") if port else Origins(base_url)


def _leave(authority: Authority, platform: Platform) -> None:
    authority.platforms.remove(platform)
    platform.save()
