"""An observation with Jo and Amara as observers, as far as a test needs it."""

from uuid import UUID

from lti_tool.services.asking import ask
from lti_tool.services.observations import handing_in, observe
from lti_tool.store.courses import ActivityRow
from rubrics.consent import PersonServed
from rubrics.observation import Mode
from tests.lti_tool.services.conftest import World

BOTH = ("jo", "amara")


def asked_of(world: World, *observers: str, mode: Mode = Mode.ROLE_PLAY) -> UUID:
    """Sam asks them; the first one leads."""
    sam, first, *others = (world.visitor(who) for who in ("sam", *observers))
    world.session.get_one(ActivityRow, world.activity_id).observers = len(observers)
    further = ask.Further(observers=tuple(other.person_id for other in others))
    return ask.request(
        world.session, sam, world.place(sam), observer_id=first.person_id, mode=mode, recorded=False, note=None,
        now=world.now, further=further,
    )  # fmt: skip


def begun_by(world: World, *observers: str) -> UUID:
    """The first one has asked the person served, or there is none; all have written a little."""
    observation_id = asked_of(world, *observers)
    answer = PersonServed.NOT_APPLICABLE
    observe.person_served(world.session, world.visitor(observers[0]), observation_id, answer, world.now)
    return observation_id


def written(world: World, who: str, observation_id: UUID, level: int | None = 4, **other: int | None) -> None:
    """All criteria at this level (None: not seen), but for those that are named by their place, `c0`, `c1`, ..."""
    visitor = world.visitor(who)
    rubric = observe.form(world.session, visitor, observation_id).rubric
    levels = {criterion.key: other.get(f"c{place}", level) for place, criterion in enumerate(rubric.criteria)}
    ratings = {
        key: observe.RatingChange(given, given is None, f"{who} saw it." if given else "")
        for key, given in levels.items()
    }
    change = observe.Change(strength=f"{who} saw a strength.", ratings=ratings)
    observe.save(world.session, visitor, observation_id, change, world.now)


def handed_in(world: World, who: str, observation_id: UUID, level: int | None = 4, **other: int | None) -> None:
    """This observer has written all of it and handed it in."""
    written(world, who, observation_id, level, **other)
    handing_in.hand_in(world.session, world.visitor(who), observation_id, world.now)


def shared_by(world: World, *observers: str, level: int | None = 4) -> UUID:
    """All see it alike."""
    observation_id = begun_by(world, *observers)
    for who in observers:
        handed_in(world, who, observation_id, level)
    return observation_id


def in_moderation(world: World) -> UUID:
    """Jo sees all of it at 4; Amara sees the first criterion at 2."""
    observation_id = begun_by(world, *BOTH)
    handed_in(world, "jo", observation_id)
    handed_in(world, "amara", observation_id, c0=2)
    return observation_id
