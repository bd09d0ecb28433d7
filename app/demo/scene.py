"""One activity of the demonstration, from the plan to how it comes out."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.models.activity import Activity
from app.models.person import Person
from app.models.programme import Municipality
from app.models.stage import Stage


@dataclass
class Scene:
    """The plan, the people, and the result. One that is reported without a rating came to nothing."""

    #: Empty until dealing.py has chosen one.
    idea: dict[str, Any]
    owner: Person
    neighbour: Municipality
    stage: Stage
    planned_at: datetime
    planned_for: date
    #: How many of the three questions where, for whom and how-will-we-know the plan does not answer.
    vague: int
    joint_with: Person | None = None
    rating: int | None = None
    reported_at: datetime | None = None
    reached: int = 0
    failed: str = ""
    pictured: bool = False
    cheers: list[Person] = field(default_factory=list)
    #: None until it is planned.
    activity: Activity | None = None

    @property
    def came_to_nothing(self) -> bool:
        return self.reported_at is not None and self.rating is None

    def words(self, key: str) -> str:
        """That text of the idea, with the municipalities' names filled in."""
        text: str = self.idea[key]
        return text.format(ort=self.owner.municipality.name, granne=self.neighbour.name)
