"""Who may go on with a thing of its own kind, read from the relations that have been loaded with it."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.models.contribution import Removal, Withdrawal


class _Thing(Protocol):
    @property
    def removal(self) -> "Removal | None": ...
    @property
    def withdrawal(self) -> "Withdrawal | None": ...


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
