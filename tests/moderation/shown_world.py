"""Activities of Alice's that stand wherever one can stand: one is reported, one planned, and the day of one is past."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.gateways.images import prepare
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.follow import FollowKind
from app.models.outcome import Permission
from app.models.tip import Tip
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import lift
from app.services.activities.cheer import cheer
from app.services.activities.photos import keep_photo
from app.services.activities.plan import answer_invitation, invite
from app.services.feed.following import follow, followable
from app.services.feed.pins import pin
from app.services.points.neighbours import show
from app.services.stages.run_playbook import run_playbook
from app.web.media import media_store
from tests.activities.closing import address_of, make_due
from tests.calendar_makers import make_calendar
from tests.cast import Cast
from tests.challenge_makers import complete, make_open, make_undertaking, whole
from tests.comment_makers import make_comment
from tests.factories import NOW, TODAY, focus_area, make_activity, make_person
from tests.lesson_makers import draft, make_third_stage, publish
from tests.lobby_makers import make_screen
from tests.pictures import jpeg
from tests.thanks_makers import make_thanks, show_all

#: Each word stands in one text of hers and nowhere else.
REPORTED, STORY, LESSON, SENTENCE = "krusbärsmöte", "slånbärssaft", "nyponlärdom", "enbärsmening"
PLANNED, DUE, SAID, THANKED = "fläderfika", "hallonfrukost", "hjortronord", "lingontack"


def make_shown_world(cast: Cast) -> dict[str, Any]:
    """What addresses name. Paula does the plans with Alice. Charlie is invited to one and plans something alike, which
    takes the report's lesson into account; Bob borrows its idea."""
    db.session().expire_on_commit = False  # what was loaded whole stays whole
    make_third_stage()
    challenge = make_open(cast.lena, title="Grannutmaning", focus_area_id=focus_area("oppenhet").id)
    reported = _reported(cast, challenge)
    lesson = db.session.scalars(select(Tip).where(Tip.activity_id == reported.id)).one()
    soon = {"planned_for": TODAY + timedelta(days=1)}
    planned = make_undertaking(
        cast.alice,
        make_open(cast.lena, title="Fikautmaning", focus_area_id=focus_area("oppenhet").id),
        title=PLANNED,
        **soon,
    )
    due, paula = make_due(cast.alice, title=DUE), make_person("Paula Palm", "bjuv")
    for plan in (planned, due):
        answer_invitation(invite(plan, paula, by=cast.alice, now=NOW), True, now=NOW)
    invite(planned, cast.charlie, by=cast.alice, now=NOW)
    about = {"focus_area": focus_area("oppenhet")}
    alike = make_activity(cast.charlie, title="Charlies plan", heeded=frozenset({lesson.id}), **soon, **about)
    borrowed = make_activity(cast.bob, title="Bobs plan", **soon, **about)
    adopt(borrowed, whole(reported.id), now=NOW)
    cheer(lesson, cast.charlie, now=NOW)
    for kind, number in ((FollowKind.PERSON, cast.alice.id), (FollowKind.ACTIVITY, planned.id)):
        followed = followable(kind, number)
        assert followed
        follow(followed, by=cast.charlie, now=NOW)
    pin(reported, TODAY + timedelta(days=7), by=cast.cora, now=NOW)
    comment = make_comment(reported, cast.alice, f"Ett {SAID} till @{cast.charlie.name}.")
    show_all(cast.bob)
    thanks = make_thanks(cast.bob, cast.alice, f"Ett {THANKED} till dig.")
    make_thanks(cast.alice, cast.bob, "Så bra gjort.", about=reported)
    for neighbour in (cast.alice, cast.bob):
        show(neighbour)
    db.session.commit()
    draft(2, NOW)
    publish(cast.lena, 2, NOW)
    run_playbook(NOW, commit=db.session.commit)
    calendar, close = make_calendar(paula), address_of(due, paula)
    return {
        "reported": reported.id,
        "area": "oppenhet",
        "planned": planned.id,
        "due": due.id,
        "alike": alike.id,
        "borrowed": borrowed.id,
        "lesson": lesson.id,
        "comment": comment.id,
        "thanks": thanks.id,
        "thanked": cast.bob.id,
        "challenge": challenge.id,
        "owner": cast.alice.id,
        "picture": reported.photos[0].id,
        "photo": reported.photos[0].files[0],
        "key": reported.photos[0].key,
        "screen": make_screen(cast.lena),
        "calendar": calendar.removeprefix("/calendar/").removesuffix(".ics"),
        "close": close.removeprefix("/close/"),
    }


def _reported(cast: Cast, challenge: Challenge) -> Activity:
    """A model for all, which may be shown to everybody."""
    activity = make_undertaking(cast.alice, challenge, title=REPORTED)
    keep_photo(activity, cast.alice, prepare(jpeg("orange", (64, 48))), store=media_store(), now=NOW)
    lesson = f"{LESSON}. Ring dem först."
    complete(
        activity,
        story=f"Det blev {STORY}.",
        rating=5,
        permission=Permission.EXTERNAL,
        success=lesson,
        pitfall="",
    )
    lift(whole(activity.id), f"Det är en {SENTENCE}.", by=cast.lena, now=NOW)
    cheer(whole(activity.id), cast.charlie, now=NOW)
    db.session.commit()
    return whole(activity.id)
