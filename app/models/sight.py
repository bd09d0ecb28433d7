"""Who made a thing, and who may go on with it, read from what has been loaded with it."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.models.contribution import Removal, Withdrawal
    from app.models.person import Person


class _Thing(Protocol):
    @property
    def removal(self) -> "Removal | None": ...
    @property
    def withdrawal(self) -> "Withdrawal | None": ...


class _Owned(Protocol):
    @property
    def owner_id(self) -> int: ...


class OwnedByOne:
    """For the classes of the kinds that one person makes alone."""

    def is_owned_by(self: _Owned, person: "Person") -> bool:
        return self.owner_id == person.id

    def owner_ids(self: _Owned) -> set[int]:
        return {self.owner_id}


class InSight:
    """For the classes of the kinds that people make."""

    @property
    def is_visible(self: _Thing) -> bool:
        """Neither hidden nor withdrawn itself: the condition `is_visible`."""
        return self.removal is None and self.withdrawal is None

    @property
    def is_workable(self: _Thing) -> bool:
        """Its makers may go on with it: it is visible, or waits to be published. The condition `is_workable`."""
        return self.withdrawal is None and (self.removal is None or self.removal.waits)
