"""A course in which observers rate together, for tests."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from lti_tool.services.authoring import examples
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.examples import Agreement
from lti_tool.services.calibrating import calibration, calibration_rating
from lti_tool.services.calibrating.calibration import Wanted
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.assessments import RatingChange
from lti_tool.store.calibration import CalibrationItemRow
from rubrics.assessment import Rating
from rubrics.example import Example
from tests.lti_tool.services.conftest import ASSISTANT, World
from tests.rubrics.examples import an_example


class Together:
    """Ines leads; Jo, Amara and Bo (observers) are asked; examples of the rubric that the activity uses."""

    def __init__(self, world: World, number: int = 1) -> None:
        self.world, self.session, self.now = world, world.session, world.now
        self.ines, self.jo, self.amara = world.visitor("ines"), world.visitor("jo"), world.visitor("amara")
        self.bo = world.visitor("bo", ASSISTANT)
        self.place = world.place(self.ines)
        self.version_id = self.place.activity.rubric_version_id
        self.examples = [self.agreed(f"Example {letter}") for letter in "ABCDEFGHIJ"[:number]]

    def agreed(self, title: str) -> UUID:
        """An example on whose ratings people agreed: at level 3 on each criterion."""
        by = Author(self.world.organization_id, self.ines.person_id)
        rubric = self.rubric()
        ratings = tuple(self.rating(key) for key in rubric)
        example: Example = an_example(title=title, ratings=ratings)
        example_id = examples.write(self.session, by, self.version_id, example, self.now)
        examples.agree(self.session, by, example_id, Agreement("The council", self.now.date(), 1), self.now)
        return example_id

    def rubric(self) -> Sequence[str]:
        """The keys of its criteria."""
        return [one.key for one in rubric_of(self.session, self.version_id).rubric.criteria]

    def rating(self, key: str, level: int = 3) -> Rating:
        return Rating(key, level, not_observed=False, evidence=f"Agreed reason {key}")

    def begin(self, *people: Visitor) -> UUID:
        """By Ines, in her course."""
        asked = people or (self.jo, self.amara)
        wanted = Wanted("Listening in March", self.examples, {one.person_id for one in asked})
        return calibration.begin(
            self.session, self.ines, course_id=self.place.course.id, version_id=self.version_id, wanted=wanted,
            now=self.now,
        )  # fmt: skip

    def items(self, calibration_id: UUID) -> list[UUID]:
        return list(
            self.session.scalars(
                select(CalibrationItemRow.id)
                .where(CalibrationItemRow.calibration_id == calibration_id)
                .order_by(CalibrationItemRow.position)
            )
        )

    def rate(self, who: Visitor, calibration_id: UUID, level: int | None, why: str = "") -> None:
        """Every criterion of every example the same; None: not seen."""
        for number in range(len(self.items(calibration_id))):
            self.rate_one(who, calibration_id, number, level, why)

    def rate_one(self, who: Visitor, calibration_id: UUID, number: int, level: int | None, why: str = "") -> None:
        """Every criterion of the example with this number, from 0, the same."""
        changes = {key: RatingChange(level, level is None, why) for key in self.rubric()}
        item_id = self.items(calibration_id)[number]
        calibration_rating.save(self.session, who, calibration_id, item_id=item_id, changes=changes, now=self.now)

    def hand_in(self, who: Visitor, calibration_id: UUID, level: int | None, why: str = "") -> None:
        self.rate(who, calibration_id, level, why)
        calibration_rating.hand_in(self.session, who, calibration_id, self.now)

    def revealed(self) -> UUID:
        """Jo gave 4, Amara 2; Ines has revealed it."""
        calibration_id = self.begin()
        self.hand_in(self.jo, calibration_id, 4, "Jo's reason")
        self.hand_in(self.amara, calibration_id, 2, "Amara's reason")
        calibration.show_all(self.session, self.ines, calibration_id, self.now)
        return calibration_id
