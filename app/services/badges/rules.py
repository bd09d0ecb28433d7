"""The badges: everything that the product knows about one is its row here (PRODUCT: Badge).

They show what somebody did, not how much: no badge is for being first in time, for days in a row or for points.
"""

from dataclasses import dataclass
from typing import Final

from flask_babel import force_locale, lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import func, select

from app.extensions import db
from app.models.person import LANGUAGES
from app.models.programme import FocusArea, LocalText, Value
from app.services.badges import grounds
from app.services.badges.grounds import Ground

_l = lazy_gettext

_REPORTED: Final = _l("The activity is reported, carried out or not.")
_WITH_ALL: Final = _l("It counts for everybody who does it together.")


@dataclass(frozen=True, kw_only=True)
class BadgeRule:
    #: Names the badge for ever: in its address, in the database, and in its art (app/static/icons/badges.svg).
    slug: str
    #: A colour of the fields (f-…) and of what stands on them (k-…): app/static/css/components/hues.css.
    hue: str
    name: LazyString
    #: What one does for it, as one says it to a colleague.
    words: LazyString
    #: How it is counted, a sentence each.
    counting: tuple[LazyString, ...]
    #: What is counted.
    ground: Ground
    #: How many it takes; or all of those that the programme has.
    needed: int | type[Value] | type[FocusArea]


# fmt: off
RULES: Final = (
    BadgeRule(
        slug="first-report", hue="bok", needed=1, ground=grounds.reports,
        name=_l("First patch"), words=_l("Tell how something went, for the first time"),
        counting=(_REPORTED, _WITH_ALL),
    ),
    BadgeRule(
        slug="across-borders", hue="sund", needed=3, ground=grounds.joint_deeds,
        name=_l("Borderless"), words=_l("Do three things together with another municipality"),
        counting=(_REPORTED, _l("Somebody from another municipality has said yes to doing it together.")),
    ),
    BadgeRule(
        slug="open-door", hue="raps", needed=3, ground=grounds.colleagues_brought,
        name=_l("Open door"), words=_l("Invite three colleagues who then do something with you"),
        counting=(
            _l("They said yes to your invitation, and the activity is reported, carried out or not."),
            _l("Each colleague counts once."),
        ),
    ),
    BadgeRule(
        slug="new-thinker", hue="ljung", needed=2, ground=grounds.first_patches,
        name=_l("New thinker"), words=_l("Put a patch in an empty square, twice"),
        counting=(
            _l("The activity is carried out, and was the first of the stage with its value and focus area."),
            _WITH_ALL,
        ),
    ),
    BadgeRule(
        slug="all-values", hue="ljung", needed=Value, ground=grounds.values_served,
        name=_l("All colours"), words=_l("Do something for each value"),
        counting=(_REPORTED, _l("The main value counts, not those beside it.")),
    ),
    BadgeRule(
        slug="all-areas", hue="bok", needed=FocusArea, ground=grounds.focus_areas_reached,
        name=_l("The whole field"), words=_l("Do something in each focus area"),
        counting=(_REPORTED, _l("In whatever order you like, over as many stages as you like.")),
    ),
    BadgeRule(
        slug="three-stages", hue="sund", needed=3, ground=grounds.stages_taken_part_in,
        name=_l("Three stages"), words=_l("Do something in three stages, in whatever order you like"),
        counting=(_REPORTED, _l("Three in all, never in a row: a pause costs nothing.")),
    ),
    BadgeRule(
        slug="honest", hue="tegel", needed=2, ground=grounds.failures_told_of,
        name=_l("Honest"), words=_l("Tell of two things that came to nothing, and why"),
        counting=(_l("The activity is reported as not carried out, with a few words on why."), _WITH_ALL),
    ),
    BadgeRule(
        slug="warned-in-time", hue="tegel", needed=2, ground=grounds.plans_that_a_trap_saved,
        name=_l("Warned in time"), words=_l("Tell of a trap that helps in two plans of others"),
        counting=(_l("Somebody takes your trap into account, and says in the report that it helped."),),
    ),
    BadgeRule(
        slug="idea-giver", hue="bok", needed=2, ground=grounds.plans_that_borrowed,
        name=_l("Idea giver"), words=_l("Two plans of others borrow something that you did"),
        counting=(_l("A plan counts from the day when it is borrowed, as long as it stands."), _WITH_ALL),
    ),
    BadgeRule(
        slug="role-model", hue="raps", needed=1, ground=grounds.best_practices,
        name=_l("Role model"), words=_l("Do something that becomes a best practice"),
        counting=(_l("The activity is carried out, and a coordinator lifts it and says why."), _WITH_ALL),
    ),
)
# fmt: on


def rule_named(slug: str) -> BadgeRule | None:
    return next((rule for rule in RULES if rule.slug == slug), None)


_PARTS: Final = (Value, FocusArea)
_SIZES: Final = select(*(select(func.count(part.id)).scalar_subquery() for part in _PARTS))


def how_many_needed() -> dict[str, int]:
    """What each badge takes in this programme, by its slug."""
    sizes = dict(zip(_PARTS, db.session.connection().execute(_SIZES).one(), strict=True))
    return {rule.slug: rule.needed if isinstance(rule.needed, int) else sizes[rule.needed] for rule in RULES}


def in_every_language(text: LazyString) -> LocalText:
    """For notifications, whose words are made in the reader's language, by those who do not know the badges."""
    translated: LocalText = {}
    for language in LANGUAGES:
        with force_locale(language):
            translated[language] = str(text)
    return translated
