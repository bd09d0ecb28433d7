"""Who reads which thanks: on a person's page everybody what that person shows, and one's own always."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import aliased, joinedload

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_moderated_by, is_visible, is_withdrawn
from app.models.moderation import Decision, Flag
from app.models.paging import LAST_NUMBER, Page, page_of_prepared
from app.models.person import NamedPerson, Person
from app.models.thanks import Thanks, is_on_page
from app.models.tip import title_of

_RELATIONS: Final = (
    joinedload(Thanks.owner, innerjoin=True),
    joinedload(Thanks.to, innerjoin=True),
    joinedload(Thanks.about),
    joinedload(Thanks.removal),
    joinedload(Thanks.withdrawal),
)
_to: Final = aliased(Person)
_owner: Final = aliased(Person)
_VIEWER: Final[BindParameter[int]] = bindparam("viewer_id")
#: Whoever is thanked reads all; who wrote one reads it where everybody else does not.
_FOR_VIEWER: Final = is_visible(Thanks.id) & (
    (Thanks.to_id == _VIEWER) | (Thanks.owner_id == _VIEWER) | is_on_page(_to)
)
#: Each in the order of `ThanksLine`.
_OF_ONE: Final[Select[*tuple[Any, ...]]] = (
    select(Thanks.id, Thanks.to_id, Thanks.words, Thanks.at, Thanks.put_away_at)
    .add_columns(*NamedPerson.columns(_owner))
    .add_columns(Activity.id, Activity.title)
    .join(_to, _to.id == Thanks.to_id)
    .join(_owner, _owner.id == Thanks.owner_id)
    .outerjoin(Thanks.about)
    .where(Thanks.to_id == bindparam("to_id"), Thanks.id < bindparam("before"))
    .order_by(Thanks.id.desc())
    .limit(bindparam("size"))
)
_SHOWN: Final = _OF_ONE.where(_FOR_VIEWER)
_ON_PAGE: Final = _OF_ONE.where(is_on_page(_to))
_WHOLE: Final = select(Thanks).where(Thanks.id.in_(bindparam("numbers", expanding=True))).options(*_RELATIONS)


class _About(NamedTuple):
    """The activity for which it is."""

    id: int
    title: str


class ThanksLine(NamedTuple):
    """What a line of thanks shows, of one that everybody may see."""

    id: int
    to_id: int
    words: str
    at: datetime
    put_away_at: datetime | None
    owner: NamedPerson
    about: _About | None
    #: As of what is visible; what may be hidden is read whole.
    removal: None = None

    @property
    def owner_id(self) -> int:
        return self.owner.id

    @property
    def about_id(self) -> int | None:
        return self.about.id if self.about else None

    @property
    def title(self) -> str:
        return title_of(self.words)


def thanks_to(person_id: int, viewer: Person, size: int, before: int | None = None) -> Page[ThanksLine]:
    """Newest first, as the viewer may read them; those before the one with that number."""
    about = {"to_id": person_id, "viewer_id": viewer.id, "before": before or LAST_NUMBER}
    return _lines(page_of_prepared(_SHOWN, about, size))


def thanks_on_page(person_id: int, size: int) -> Page[ThanksLine]:
    """The newest that everybody reads."""
    return _lines(page_of_prepared(_ON_PAGE, {"to_id": person_id, "before": LAST_NUMBER}, size))


def _lines(page: Page[Any]) -> Page[ThanksLine]:
    return Page([_line(*row) for row in page.items], page.has_more)


def _line(
    number: int, to_id: int, words: str, at: datetime, put_away_at: datetime | None, *names: Any
) -> ThanksLine:
    *owner, about_id, about_title = names
    about = _About(about_id, about_title) if about_id else None
    return ThanksLine(number, to_id, words, at, put_away_at, NamedPerson(*owner), about)


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
