"""What is read from an activity's columns and from what has been loaded with it: the same for the activity itself, and
for a row of it that its page reads."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from app.models.concreteness import QUESTIONS
from app.models.contribution import ContributionKind, path_of

if TYPE_CHECKING:
    from app.models.person import Person


class _Loaded(Protocol):
    """As much of it as these words are made of. What is in its lists is as its own class says."""

    @property
    def id(self) -> int: ...
    @property
    def owner_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def planned_for(self) -> date | None: ...
    @property
    def place(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def success_sign(self) -> str: ...
    @property
    def is_workable(self) -> bool: ...
    @property
    def outcome(self) -> Any: ...
    @property
    def municipalities(self) -> Sequence[Any]: ...
    @property
    def co_owners(self) -> Sequence[Any]: ...
    @property
    def tips(self) -> Sequence[Any]: ...
    @property
    def answers(self) -> dict[str, Any]: ...
    @property
    def partners(self) -> list[Any]: ...


class ActivityWords:
    kind: ClassVar = ContributionKind.ACTIVITY

    @property
    def answers(self: _Loaded) -> dict[str, Any]:
        """The answers to the questions, by column."""
        return {question.column: getattr(self, question.column) for question in QUESTIONS}

    @property
    def details(self: _Loaded) -> dict[str, Any]:
        """The answers but for the title, which says what it is."""
        return {column: answer for column, answer in self.answers.items() if column != "title"}

    @property
    def path(self: _Loaded) -> str:
        """The address of its page."""
        return path_of(ContributionKind.ACTIVITY, self.id)

    @property
    def joint(self: _Loaded) -> bool:
        """Whether at least two municipalities take part."""
        return len(self.municipalities) > 1

    @property
    def is_open(self: _Loaded) -> bool:
        """Whether its makers may still change it: not reported either."""
        return self.is_workable and self.outcome is None

    @property
    def is_carried_out(self: _Loaded) -> bool:
        """Reported as carried out: the condition `is_carried_out`, on a relation that has been loaded."""
        return self.outcome is not None and bool(self.outcome.carried_out)

    @property
    def lessons(self: _Loaded) -> list[Any]:
        """What its report taught, success first: its tips that are visible."""
        return [tip for tip in self.tips if tip.is_visible]

    @property
    def partners(self: _Loaded) -> list[Any]:
        """Co-owners who have said yes."""
        return [co_owner for co_owner in self.co_owners if co_owner.is_partner]

    def is_owned_by(self: _Loaded, person: "Person") -> bool:
        """The owner and the partners may edit and report."""
        return self.owner_id == person.id or any(co.person_id == person.id for co in self.partners)
