"""Who reads which thanks: on a person's page everybody what that person shows, and one's own always."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, select
from sqlalchemy.orm import aliased, joinedload

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal, is_moderated_by, is_visible, is_withdrawn
from app.models.moderation import Decision, Flag
from app.models.paging import LAST_NUMBER, Page, prepared_page
from app.models.person import Person
from app.models.thanks import Thanks, is_on_page

_RELATIONS: Final = (
    joinedload(Thanks.owner, innerjoin=True),
    joinedload(Thanks.to, innerjoin=True),
    joinedload(Thanks.about),
    joinedload(Thanks.removal),
    joinedload(Thanks.withdrawal),
)
#: Of many, what a line of each says.
_SHOWN_RELATIONS: Final = (
    joinedload(Thanks.owner, innerjoin=True).load_only(Person.name, Person.municipality_id, Person.left_at),
    joinedload(Thanks.about).load_only(Activity.title),
    joinedload(Thanks.removal).lazyload(Removal.decision),
)
_to: Final = aliased(Person)
_VIEWER: Final[BindParameter[int]] = bindparam("viewer_id")
#: Whoever is thanked reads all; who wrote one reads it where everybody else does not.
_FOR_VIEWER: Final = is_visible(Thanks.id) & (
    (Thanks.to_id == _VIEWER) | (Thanks.owner_id == _VIEWER) | is_on_page(_to)
)
_OF_ONE: Final = (
    select(Thanks)
    .join(_to, _to.id == Thanks.to_id)
    .where(Thanks.to_id == bindparam("to_id"), Thanks.id < bindparam("before"))
    .options(*_SHOWN_RELATIONS)
    .order_by(Thanks.id.desc())
    .limit(bindparam("size"))
)
_SHOWN: Final = _OF_ONE.where(_FOR_VIEWER)
_ON_PAGE: Final = _OF_ONE.where(is_on_page(_to))
_WHOLE: Final = select(Thanks).where(Thanks.id.in_(bindparam("numbers", expanding=True))).options(*_RELATIONS)


def thanks_to(person: Person, viewer: Person, size: int, before: int | None = None) -> Page[Thanks]:
    """Newest first, as the viewer may read them; those before the one with that number."""
    about = {"to_id": person.id, "viewer_id": viewer.id, "before": before or LAST_NUMBER}
    return prepared_page(_SHOWN, about, size)


def thanks_on_page(person: Person, size: int) -> Page[Thanks]:
    """The newest that everybody reads."""
    return prepared_page(_ON_PAGE, {"to_id": person.id, "before": LAST_NUMBER}, size)


def whole_thanks(numbers: Collection[int]) -> list[Thanks]:
    """Many, with all that is shown of them, without asking who reads them."""
    return list(db.session.scalars(_WHOLE, {"numbers": list(numbers)}))


def visible_thanks(number: int, viewer: Person) -> Thanks | None:
    """The thanks, or None when the viewer may not read it. What is hidden its author reads, and its moderators; what is
    not on a page the two whom it is between, and moderators if somebody has asked them to look."""
    thanks = db.session.scalar(_WHOLE, {"numbers": [number]})
    if thanks is None or thanks.withdrawal:
        return None
    if thanks.is_owned_by(viewer) or (thanks.to_id == viewer.id and not thanks.removal):
        return thanks
    on_page = select(Thanks.id).join(_to, _to.id == Thanks.to_id).where(Thanks.id == number, is_on_page(_to))
    if db.session.scalar(on_page) or db.session.scalar(select(_is_for_moderator(thanks.id, viewer))):
        return thanks
    return None


def own_thanks(number: int, viewer: Person) -> Thanks | None:
    """What the viewer has written, also when it is hidden or taken back."""
    return db.session.scalar(select(Thanks).where(Thanks.id == number, Thanks.owner_id == viewer.id))


def thanks_for(number: int, viewer: Person) -> Thanks | None:
    """What the viewer is thanked for, and may read."""
    its = (Thanks.id == number, Thanks.to_id == viewer.id, is_visible(Thanks.id))
    return db.session.scalar(select(Thanks).where(*its))


def _is_for_moderator(number: int, viewer: Person) -> ColumnElement[bool]:
    was_asked = exists().where(Flag.contribution_id == number) | exists().where(
        Decision.contribution_id == number
    )
    return is_moderated_by(viewer, number) & was_asked & ~is_withdrawn(number)
