"""Who sees which challenge. What one may not see, such as a draft, does not exist: routes answer 404 to None."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models.challenge import Challenge
from app.models.contribution import Removal, is_hidden, is_moderated_by, is_withdrawn
from app.models.person import Person

_MANY_WHOLE = (
    select(Challenge)
    .where(Challenge.id.in_(bindparam("challenge_ids", expanding=True)))
    .options(joinedload(Challenge.owner), joinedload(Challenge.removal))
)
_NOT_WITHDRAWN = select(Challenge, is_hidden(Challenge.id)).where(
    Challenge.id == bindparam("challenge_id"), ~is_withdrawn(Challenge.id)
)
_REMOVAL = select(Removal).where(Removal.contribution_id == bindparam("challenge_id"))


def whole_challenges(challenge_ids: Collection[int]) -> list[Challenge]:
    """Many with who made them and why they are hidden, without asking who sees them."""
    return list(db.session.scalars(_MANY_WHOLE, {"challenge_ids": list(challenge_ids)}))


def visible_challenge(challenge_id: int, viewer: Person) -> Challenge | None:
    """The challenge, or None when the viewer may not see it: drafts are seen by those who may change them, what is
    hidden by whoever made it and by its moderators, and what was withdrawn by nobody."""
    challenge = _not_withdrawn(challenge_id)
    if challenge is None:
        return None
    if challenge.removal and not (challenge.is_owned_by(viewer) or _is_moderated_by(viewer, challenge)):
        return None
    return None if challenge.is_draft and not challenge.may_be_changed_by(viewer) else challenge


def changeable_challenge(challenge_id: int, viewer: Person) -> Challenge | None:
    """The challenge if the viewer may change, open and close it."""
    return _for_who_may_change(_not_withdrawn(challenge_id), viewer)


def withdrawable_challenge(challenge_id: int, viewer: Person) -> Challenge | None:
    """The same, also when it has been taken away already: taking away is asked for twice when an answer is lost."""
    return _for_who_may_change(next(iter(whole_challenges([challenge_id])), None), viewer)


def with_its_removal(challenge: Challenge, hidden: bool) -> Challenge:
    """Whether it is `hidden` is asked with it, and why only if it is: nearly none is."""
    removal = db.session.scalar(_REMOVAL, {"challenge_id": challenge.id}) if hidden else None
    set_committed_value(challenge, "removal", removal)
    return challenge


def _for_who_may_change(challenge: Challenge | None, viewer: Person) -> Challenge | None:
    if challenge is None or challenge.removal or not challenge.may_be_changed_by(viewer):
        return None
    return challenge


def _not_withdrawn(challenge_id: int) -> Challenge | None:
    row = db.session.execute(_NOT_WITHDRAWN, {"challenge_id": challenge_id}).one_or_none()
    return with_its_removal(*row) if row else None


def _is_moderated_by(viewer: Person, challenge: Challenge) -> bool:
    return bool(db.session.scalar(select(is_moderated_by(viewer, challenge.id))))
