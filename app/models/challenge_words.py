"""What is read from a challenge's columns: the same for the challenge itself, and for a row of it that a form begins
with."""

from datetime import date, datetime
from typing import Protocol

from app.models.contribution import ContributionKind, path_of


class _Opened(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def opens_on(self) -> date: ...
    @property
    def closes_on(self) -> date: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


class ChallengeWords:
    @property
    def path(self: _Opened) -> str:
        """The address of its page."""
        return path_of(ContributionKind.CHALLENGE, self.id)

    def is_open(self: _Opened, today: date) -> bool:
        """Whether it may be taken on that day: the condition `is_open_challenge`, on what has been loaded."""
        return bool(self.opened_at and not self.closed_at and self.opens_on <= today <= self.closes_on)
