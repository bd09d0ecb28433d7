"""The things that are talked about: a kind has its row here."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.comment import is_talked_about
from app.models.contribution import Contributed, Contribution, ContributionKind
from app.services.activities.tips import tips_for_log
from app.services.activities.wholes import activities_with_owners
from app.services.challenges.visibility import whole_challenges

#: How many of a kind are loaded with no more than title, path and who made them.
_LOADERS: Final[dict[ContributionKind, Callable[[Collection[int]], Iterable[Any]]]] = {
    ContributionKind.ACTIVITY: activities_with_owners,
    ContributionKind.CHALLENGE: whole_challenges,
    ContributionKind.TIP: tips_for_log,
}
_KIND_OF_SHOWN = select(Contribution.kind).where(
    Contribution.id == bindparam("number"), is_talked_about(Contribution.id)
)


def subject(number: int) -> Contributed | None:
    """The thing with that number, if everybody may see it and talk about it."""
    kind = db.session.scalar(_KIND_OF_SHOWN, {"number": number})
    loader = _LOADERS.get(ContributionKind(kind)) if kind else None
    return next(iter(loader([number])), None) if loader else None
