"""One of everything that an address can name, around Alice in Bjuv: hers, and beside it what is another's or nobody's.

Each title is a word that stands in one thing alone, so that a page with the word shows that thing.
"""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.gateways.images import prepare
from app.gateways.survey_keys import SurveyKeys
from app.models.activity import Activity
from app.models.notification import Group, Kind, Notification
from app.models.outcome import Permission
from app.services.activities.best_practice import lift
from app.services.activities.checks import begin_waiting
from app.services.activities.photos import keep_photo
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import ask, hide
from app.services.moderation.doubles import merge
from app.services.moderation.flags import flag
from app.services.moderation.picture_answers import answer_back_about
from app.services.moderation.pictures import object_to, withhold
from app.services.notifications.mail_addresses import Site, unsubscribe_address
from app.services.notifications.notify import notify
from app.services.people.membership import leave
from app.services.stages.lessons import lessons_of_stage
from app.services.stages.run_playbook import run_playbook
from app.services.sums.settle import settle
from app.services.survey.opening import open_survey
from app.web.media import media_store
from tests.access.conversation import make_conversation
from tests.access.limited import make_things_of_limited
from tests.access.people import People
from tests.access.thanks import make_all_thanks
from tests.activities.closing import address_of, make_due
from tests.calendar_makers import make_calendar
from tests.challenge_makers import complete, make_draft, make_open, make_undertaking, whole
from tests.comment_makers import make_comment
from tests.factories import (
    NOW,
    TODAY,
    focus_area,
    make_activity,
    make_joint,
    make_outcome,
    make_person,
    make_tip,
    stage,
)
from tests.inbox import inbox_path
from tests.lesson_makers import draft, make_helpful, make_third_stage
from tests.lobby_makers import make_screen
from tests.message_makers import make_gone, make_message
from tests.pictures import jpeg
from tests.point_makers import entry_of, make_question
from tests.push import sign_in_device
from tests.released_surveys import make_released
from tests.survey_makers import ask_statements, make_survey

_colours = count()


def make_world(people: People, survey_dir: Path) -> dict[str, Any]:
    """What the addresses, the forms and the marks of the tables name: the number of a thing, by its name; beside it
    `…_seen`, the version of it that an edit form has."""
    db.session().expire_on_commit = False  # what was loaded whole stays whole
    make_third_stage()
    made: dict[str, Any] = dict(vars(people))
    for part in (_activities, _moderated, _withheld, _challenges, _points, _lessons, _messages, _keys):
        made |= part(people)
    for part in (make_conversation, make_all_thanks, make_things_of_limited):
        made |= part(people)
    _surveys(SurveyKeys(survey_dir))
    leave(people.left, now=NOW)
    run_playbook(NOW, commit=db.session.commit)
    made |= _notifications(people)
    db.session.commit()
    emails = {"emails": {column: person.email for column, person in vars(people).items()}}
    versions = {
        f"{name}_seen": one.changed_at.isoformat() for name, one in made.items() if hasattr(one, "changed_at")
    }
    return {name: getattr(one, "id", one) for name, one in made.items()} | versions | emails


def _activities(people: People) -> dict[str, Any]:
    """Alice's, which Paula does with her, and plans of Charlie's, to one of which Alice is invited."""
    planned = _together(people, "planmärke", planned_for=TODAY + timedelta(days=1))
    done, shown = _together(people, "gjortmärke"), _together(people, "förebildsmärke")
    withdrawn, double = _together(people, "återtagetmärke"), _together(people, "dubblettmärke")
    asked = make_activity(people.other, title="inbjudanmärke")
    make_outcome(done)
    make_outcome(shown, permission=Permission.EXTERNAL)
    lift(whole(shown.id), "Gör så här.", by=people.lead, now=NOW)
    withdraw_activity(withdrawn, by=people.owner, now=NOW)
    merge(whole(double.id), whole(planned.id), by=people.lead, now=NOW)
    made = {
        "planned": planned,
        "done": done,
        "shown": shown,
        "withdrawn": withdrawn,
        "double": double,
        "joint": make_joint(people.owner, people.other, title="gränsmärke"),
        "of_left": make_activity(people.left, title="lämnatmärke"),
        "alike": make_activity(people.other, title="likadanmärke", planned_for=TODAY + timedelta(days=2)),
        "asked": asked,
        "invitation": invite(asked, people.owner, by=people.other, now=NOW),
        "picture": planned.photos[0],
        "early_photo": planned.photos[0].files[0],
        "photo": done.photos[0].files[0],
        "photo_key": done.photos[0].key,
        "public_photo": shown.photos[0].files[0],
    }
    db.session.commit()
    return made


def _moderated(people: People) -> dict[str, Any]:
    """The lead has hidden most, so that the coordinator may decide about the owner's answer."""
    hidden, answered = _together(people, "doltmärke"), _together(people, "svaratmärke")
    flagged, fresh = _together(people, "flaggmärke"), _together(people, "ångramärke")
    about = {"focus_area": focus_area("miljo")}
    tip, hidden_tip = (
        make_tip(people.owner, text=f"{mark}. Ring först.", **about) for mark in ("tipsmärke", "tystmärke")
    )
    make_outcome(hidden)
    objected = _together(people, "invändmärke")
    make_outcome(objected)
    object_to(objected.photos[0], people.other, "Jag har inte sagt ja.", NOW)
    comment = make_comment(hidden, people.other, "undanmärke")
    for thing in (whole(hidden.id), answered, hidden_tip):
        hide(thing, people.lead, "consent", "Fråga dem som syns.", NOW)
    answer_back(answered, people.owner, "Alla har sagt ja.", NOW)
    flag(flagged, people.other, "tone", "Det låter hårt.", NOW)
    resting = make_activity(people.owner, title="vilandemärke")
    ask(resting, people.lead, "tone", "Skriv lite mjukare.", NOW)
    waiting = make_activity(people.owner, title="väntemärke")
    begin_waiting(waiting, NOW)
    settle(waiting, NOW)
    # Only whoever decided may undo it.
    decision = hide(fresh, people.coordinator, "tone", "", NOW)
    db.session.commit()
    return {
        "hidden": hidden,
        "objected": objected.photos[0],
        "hidden_photo": hidden.photos[0].files[0],
        "answered": answered,
        "comment_on_hidden": comment,
        "resting": resting,
        "waiting": waiting,
        "flagged": flagged,
        "fresh": fresh,
        "decision": decision,
        "tip": tip,
        "hidden_tip": hidden_tip,
    }


def _withheld(people: People) -> dict[str, Any]:
    """Pictures of the owner's that the lead withholds from all; to one the owner has answered."""
    activity = _together(people, "bildmärke", now=NOW - timedelta(hours=2))
    keep_photo(activity, people.owner, prepare(_picture()), store=media_store(), now=NOW)
    make_outcome(activity, now=NOW - timedelta(hours=2))
    activity = whole(activity.id)
    for photo in activity.photos:
        object_to(photo, people.other, "Jag har inte sagt ja.", NOW)
        withhold(photo, activity, people.lead, "Fråga dem som syns.", NOW)
    withheld, answered = activity.photos
    answer_back_about(answered, activity, people.owner, "Alla har sagt ja.", NOW)
    db.session.commit()
    return {"withheld": withheld, "answered_picture": answered}


def _challenges(people: People) -> dict[str, Any]:
    """For everybody, for Bjuv alone, drafts of both, one that is hidden and one that waits for approval."""
    bjuv = {"municipality_id": people.owner.municipality_id}
    open_to_all = make_open(people.lead, title="utmaningsmärke", needs_approval=True)
    completed = make_undertaking(
        people.owner, make_open(people.lead, needs_approval=True), title="klartmärke"
    )
    hidden_challenge = make_open(people.coordinator, title="doldutmaning", **bjuv)
    complete(completed)
    hide(hidden_challenge, people.lead, "tone", "", NOW)
    db.session.commit()
    return {
        "challenge": open_to_all,
        "challenge_of_bjuv": make_open(people.coordinator, title="bjuvmärke", **bjuv),
        "draft": make_draft(people.lead, title="utkastmärke"),
        "draft_of_bjuv": make_draft(people.coordinator, title="bjuvutkast", **bjuv),
        "unused": make_open(people.lead, title="orördmärke"),
        "hidden_challenge": hidden_challenge,
        "taken_on": make_undertaking(people.owner, open_to_all, title="antagetmärke"),
        "completed": completed,
    }


def _points(people: People) -> dict[str, Any]:
    question = make_question(people.owner, "report")
    question.text = "frågemärke"
    db.session.commit()
    return {"entry": entry_of(people.owner), "question": question}


def _lessons(_people: People) -> dict[str, Any]:
    """A draft of stage 1's, in which most are chosen and one is next in line."""
    months_ago = NOW - timedelta(days=250)
    for number in range(6):
        make_helpful(
            make_person(place="klippan"), text=f"lärdomsmärke {number}. Ta med skolan.", now=months_ago
        )
    return {"lesson": draft(1, NOW)[1], "next_lesson": lessons_of_stage(stage(1)).in_line[0]}


def _messages(people: People) -> dict[str, Any]:
    """A lead's own, one that waits and one that has gone out."""
    waiting = make_message(people.lead, title={"sv": "väntandemärke"})
    gone = make_gone(people.lead, NOW, shown_until=TODAY)
    return {"message": waiting, "gone_message": gone}


def _surveys(keys: SurveyKeys) -> None:
    """That of stage 1 waits for a lead to read its words, that of stage 2 is released, that of stage 3 is open."""
    ask_statements()
    to_read = open_survey(stage(1), TODAY, keys, NOW)
    assert to_read
    to_read.words_given_on = TODAY
    keys.keep_words(1, [{"key": "ordmärke", "word": "ordmärke", "count": 9, "sentiment": "positive"}])
    make_released(2)
    make_survey(keys, 3, ends_on=TODAY + timedelta(days=9))


def _keys(people: People) -> dict[str, Any]:
    """Addresses that are keys: whoever holds one may do what it is for."""
    site = Site("", current_app.config["SECRET_KEY"])
    calendar = make_calendar(people.owner)
    return {
        "close": address_of(make_due(people.owner, title="dagsmärke"), people.owner),
        "close_of_left": address_of(make_due(people.left), people.left),
        "calendar": calendar,
        "calendar_of_left": make_calendar(people.left),
        "calendar_serial": calendar.rpartition("/")[2].partition(".")[0],
        "unsubscribe": unsubscribe_address(people.owner.id, Group.THANKS, site, NOW),
        "unsubscribe_of_left": unsubscribe_address(people.left.id, Group.THANKS, site, NOW),
        "screen": make_screen(people.lead),
        "device": sign_in_device(people.owner),
    }


def _notifications(people: People) -> dict[str, Any]:
    """One of everybody's, and one of Alice's that reminds of a plan."""
    everybody = [person.id for person in vars(people).values()]
    notify(everybody, Kind.TEST, key="test", url="/", parameters={}, now=NOW)
    reminders = select(Notification.id).where(
        Notification.person_id == people.owner.id, Notification.kind == Kind.PLAN
    )
    return {"notification": inbox_path(db.session.scalars(reminders).one())}


def _together(people: People, title: str, **over: Any) -> Activity:
    """A plan with a picture."""
    activity = make_activity(people.owner, title=title, **over)
    answer_invitation(invite(activity, people.partner, by=people.owner, now=NOW), True, now=NOW)
    keep_photo(activity, people.owner, prepare(_picture()), store=media_store(), now=NOW)
    db.session.commit()
    return whole(activity.id)


def _picture() -> bytes:
    """Each another, since the same one is not taken twice."""
    return jpeg(f"rgb(0, 0, {40 * next(_colours) % 256})", (32, 24))
