"""Something on every screen: people of each role, and activities in each state, made through the services."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.extensions import db
from app.gateways.images import prepare
from app.gateways.media import MediaStore
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.follow import FollowKind
from app.models.notification import Group
from app.models.outcome import Permission
from app.models.person import Person, Role
from app.models.tip import TipKind
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import lift
from app.services.activities.checks import begin_waiting
from app.services.activities.cheer import cheer
from app.services.activities.coming import come_along
from app.services.activities.photos import keep_photo
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.challenges.make import close_challenge
from app.services.challenges.review import send_back
from app.services.feed.following import follow, followable
from app.services.feed.pins import pin
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide, keep
from app.services.moderation.flags import flag
from app.services.notifications.mail_addresses import Site, unsubscribe_address
from app.services.sums.settle import settle
from tests.browser.closed_out import close_out_all
from tests.browser.live import Live
from tests.browser.objected_pictures import make_objected, make_withheld
from tests.browser.open_survey import answer_as, open_survey
from tests.browser.stage_lessons import make_stage_lessons
from tests.browser.survey_results import make_results
from tests.browser.survey_words import make_words_to_read
from tests.browser.talk import make_conversation
from tests.calendar_makers import make_calendar
from tests.challenge_makers import complete, make_challenge, make_draft, make_open, make_undertaking, take_on
from tests.factories import focus_area, make_activity, make_outcome, make_person, make_tip, value
from tests.lobby_makers import make_screen
from tests.message_makers import make_gone, make_message
from tests.pictures import jpeg
from tests.point_makers import entry_of, make_question
from tests.thanks_makers import make_thanks

_LONG = "Ordna en gemensam introduktionsdag för nyanställda samhällsbyggnadsingenjörer i Söderåsenkommunerna"


@dataclass
class World:
    """Numbers of what is there: `activities["due"]`, `people["coordinator"]`."""

    people: dict[str, int]
    activities: dict[str, int]
    challenges: dict[str, int]
    #: Parts of addresses that are keys.
    tokens: dict[str, str]


def make_world(live: Live) -> World:
    """Nina in Bjuv owns the activities, Charlie in Klippan is with her; Nils is new and has nothing. Stig has answered
    the survey."""
    with live.app.app_context():
        db.session().expire_on_commit = False  # what was loaded whole stays whole
        now = clock.now()
        people = {
            "participant": make_person(
                "Nina Nordenskiöld-Andersson", "bjuv", title="bibliotekarie", ranked=True
            ),
            "colleague": make_person("Charlie Ceder", "klippan"),
            "newcomer": make_person("Nils Ny", "orkelljunga"),
            "coordinator": make_person("Cora Coster", "bjuv", Role.COORDINATOR),
            "lead": make_person("Lena Lind", "helsingborg", Role.LEAD),
            "steering": make_person("Stig Strand", "helsingborg", Role.STEERING),
        }
        activities = {**_ninas(people, now), **_moderated(people, now, live)}
        today = clock.local_date(now, "Europe/Stockholm")
        fortnight = {"opens_on": today, "closes_on": today + timedelta(days=9)}
        asked = make_challenge(needs_photo=True, needs_approval=True, **fortnight)
        activities |= _undertaken(people, asked, now)
        activities |= _ideas(activities["reported"], people, now)
        reported, objected_to = (activities[name].photos[0] for name in ("reported", "objected_to"))
        activities |= _badge_that_rests(people, now)
        numbers = {name: activity.id for name, activity in activities.items()} | _tips(people, now)
        numbers |= make_conversation(activities["planned"], people, now)
        # One entry that Nina has not asked about; the newest she has.
        numbers["entry"] = entry_of(people["participant"]).id
        make_question(people["participant"], "report", now)
        numbers["lesson"] = make_stage_lessons()
        numbers["objected"] = objected_to.id
        numbers |= make_withheld(people["participant"], people["coordinator"], now, live)
        make_screen(people["lead"])
        numbers["message_gone"] = make_gone(people["lead"], now, shown_until=today).id
        numbers["message"] = make_message(people["lead"], due_at=now + timedelta(days=2)).id
        make_calendar(people["participant"])
        make_results()
        make_words_to_read(today)
        _follow_and_pin(people, activities, now)
        make_thanks(people["participant"], people["colleague"], now=now)
        challenges = _challenges(people, activities["reported"], activities["planned"], now)
        answer_as(open_survey(live), people["steering"])
        db.session.commit()
        tokens = close_out_all(live, now) | _ways_out(live, now) | {"picture_key": reported.key}
        people_numbers = {name: person.id for name, person in people.items()}
        return World(people_numbers, numbers, challenges, tokens)


def _follow_and_pin(people: dict[str, Person], activities: dict[str, Activity], now: datetime) -> None:
    """Nina follows somebody, a municipality and an activity; two are pinned, one of them for everybody."""
    for kind, number in (
        (FollowKind.PERSON, people["colleague"].id),
        (FollowKind.MUNICIPALITY, people["colleague"].municipality_id),
        (FollowKind.ACTIVITY, activities["asked"].id),
    ):
        thing = followable(kind, number)
        assert thing
        follow(thing, by=people["participant"], now=now)
    until = clock.local_date(now, "Europe/Stockholm") + timedelta(days=9)
    pin(activities["reported"], until, by=people["coordinator"], now=now)
    pin(activities["planned"], until, by=people["lead"], now=now)


def _ways_out(live: Live, now: datetime) -> dict[str, str]:
    """By which mails are switched off: a group of theirs or all, of a reader of Swedish and of one of English."""
    site = Site("", live.app.config["SECRET_KEY"])
    groups = {"thanks": Group.THANKS, "stage": Group.STAGE, "all": None}
    tokens = {}
    for ending, language in (("", "sv"), ("_en", "en")):
        reader = make_person("Moa Mejl", "bjuv", language=language)
        for name, group in groups.items():
            address = unsubscribe_address(reader.id, group, site, now)
            tokens[f"stop_{name}{ending}"] = address.removeprefix("/unsubscribe/")
    return tokens


def _challenges(
    people: dict[str, Person], done: Activity, planned: Activity, now: datetime
) -> dict[str, int]:
    """One that Nina has taken on twice, one for Bjuv alone that is closed, one that is hidden, and a draft."""
    lead, cora = people["lead"], people["coordinator"]
    today = clock.local_date(now, "Europe/Stockholm")
    days = {"opens_on": today, "closes_on": today + timedelta(days=5)}
    bjuv = {"municipality_id": cora.municipality_id, **days}
    made = {
        "challenge": make_open(lead, title=_LONG, needs_photo=True, needs_approval=True, **days),
        "closed": make_open(cora, kind_of_challenge="municipality", goal=5, **bjuv),
        "challenge_hidden": make_open(cora, title="Alla mot grannen", **bjuv),
        "draft": make_draft(lead, kind_of_challenge="joint", **days),
    }
    take_on(made["challenge"], done, completed=True)
    take_on(made["challenge"], planned)
    close_challenge(made["closed"], by=cora, now=now)
    hide(made["challenge_hidden"], lead, "tone", "Den pekar ut grannen.", now)
    return {name: challenge.id for name, challenge in made.items()}


def _ninas(people: dict[str, Person], now: datetime) -> dict[str, Activity]:
    nina, charlie = people["participant"], people["colleague"]
    today = clock.local_date(now, "Europe/Stockholm")
    made = {
        "planned": _planned(nina, now, title=_LONG, planned_for=today + timedelta(days=5)),
        "due": _planned(nina, now, planned_for=today - timedelta(days=1), also_values=[value("kreativt")]),
        "bare": _planned(nina, now, planned_for=None, place="", audience="", success_sign=""),
        "withdrawn": _planned(nina, now),
        "asked": _planned(charlie, now, title="Byta kontor en dag"),
        "along": _planned(charlie, now, title="Vandra med pannlampa", planned_for=today + timedelta(days=9)),
        "full": _planned(charlie, now, title="Åk med sopbilen", planned_for=today + timedelta(days=9)),
    }
    made["along"].places, made["full"].places = 4, 1
    for name, person in (("along", nina), ("along", people["steering"]), ("full", people["lead"])):
        come_along(made[name], person, now=now)
    withdraw_activity(made["withdrawn"], by=nina, now=now)
    invite(made["planned"], charlie, by=nina, now=now)
    invite(made["asked"], nina, by=charlie, now=now)
    db.session.commit()
    return made


def _undertaken(people: dict[str, Person], challenge: Challenge, now: datetime) -> dict[str, Activity]:
    """A challenge that Nina has taken on, one that has come back to her with a question, and a colleague's that waits
    for a coordinator."""
    asked = {"title": "Visa grannen runt", "now": now}
    looked_at = make_challenge(
        needs_approval=True, opens_on=challenge.opens_on, closes_on=challenge.closes_on
    )
    made = {
        "taken_on": make_undertaking(people["participant"], challenge, **asked),
        "completed": make_undertaking(make_person("Ove Ott", "bjuv"), looked_at, **asked),
        "sent_back": make_undertaking(people["participant"], looked_at, **asked),
    }
    complete(made["completed"], now=now)
    complete(made["sent_back"], now=now)
    send_back(made["sent_back"], people["coordinator"], "Vem kom från Klippan?", now)
    db.session.commit()
    return made


def _badge_that_rests(people: dict[str, Person], now: datetime) -> dict[str, Activity]:
    """Nina has told of two things that came to nothing, and one of them is hidden. She shows what she has."""
    people["participant"].shows_badges = True
    made = {
        name: _planned(people["participant"], now, title=title, focus_area=focus_area("besok"))
        for name, title in (("told_of", "Språkcafé på stationen"), ("hushed", "Kvällsöppet för nattskiftet"))
    }
    for activity in made.values():
        make_outcome(activity, carried_out=False, now=now, success="")
    hide(made["hushed"], people["coordinator"], "personal_data", "Ett namn står i texten.", now)
    db.session.commit()
    return made


def _moderated(people: dict[str, Person], now: datetime, live: Live) -> dict[str, Activity]:
    nina, charlie, cora = people["participant"], people["colleague"], people["coordinator"]
    made = {
        "reported": _joint(nina, charlie, now, live),
        "failed": _planned(nina, now, title="Digital fika för alla elva", focus_area=focus_area("miljo")),
        "questioned": _planned(nina, now, title="Fotovandring på torget"),
        "hidden": _planned(nina, now, title="Frågesport om grannkommunerna"),
        "answered": _planned(nina, now, title="Öppet hus på reningsverket"),
        "kept": _planned(nina, now, title="Kritisk vägg i matsalen"),
        "objected_to": make_objected(nina, now, live),
        "waiting": _planned(nina, now, title="Pröva grannens cykelväg"),
    }
    make_outcome(made["failed"], carried_out=False, now=now, success="")
    cheer(made["reported"], people["lead"], now=now)
    make_outcome(made["waiting"], now=now)
    begin_waiting(made["waiting"], now)
    settle(made["waiting"], now)
    for name in ("questioned", "answered", "kept"):
        flag(made[name], charlie, "tone", "Det låter hårt mot en grupp.", now)
    keep(made["kept"], cora, now)
    hide(made["hidden"], cora, "consent", "Fråga dem som syns.", now)
    hide(made["answered"], cora, "personal_data", "Ett namn står i texten.", now)
    answer_back(made["answered"], nina, "Namnet är mitt eget.", now)
    db.session.commit()
    return made


def _ideas(idea: Activity, people: dict[str, Person], now: datetime) -> dict[str, Activity]:
    """Stig has borrowed what Nina and Charlie did, which Lena has lifted, and plans the same as Nina."""
    stig, today = people["steering"], clock.local_date(now, "Europe/Stockholm")
    made = {
        "borrowed": _planned(stig, now, title="Låna varandras nattsagor", focus_area=focus_area("oppenhet")),
        "alike": _planned(stig, now, title="Byt plats en dag", planned_for=today + timedelta(days=6)),
    }
    adopt(made["borrowed"], idea, now=now)
    make_outcome(made["borrowed"], now=now)
    lift(_whole(idea), "Det kan alla göra i morgon.", by=people["lead"], now=now)
    db.session.commit()
    return made


def _tips(people: dict[str, Person], now: datetime) -> dict[str, int]:
    """One of each kind, which a plan takes into account, and one that is hidden: Nina's; and one of Charlie's."""
    nina, charlie = people["participant"], people["colleague"]
    trap = make_tip(charlie, kind=TipKind.PITFALL, text=f"{_LONG}. Vi väntade för länge.", now=now)
    tips = {"tip": trap, "own_tip": make_tip(nina, now=now), "hidden_tip": make_tip(nina, now=now)}
    plan = _planned(nina, now, title="Ta med dem som inte kom", heeded=frozenset({trap.id}))
    cheer(trap, nina, now=now)
    for name in ("own_tip", "hidden_tip"):
        flag(tips[name], charlie, "tone", "Det låter hårt.", now)
    hide(tips["hidden_tip"], people["coordinator"], "tone", "Skriv vänligare.", now)
    return {name: tip.id for name, tip in tips.items()} | {"heeding": plan.id}


def _joint(owner: Person, colleague: Person, now: datetime, live: Live) -> Activity:
    """Done together, and told with a picture."""
    activity = _planned(owner, now, title="Låna varandras sagostunder", focus_area=focus_area("oppenhet"))
    answer_invitation(invite(activity, colleague, by=owner, now=now), accept=True, now=now)
    store = MediaStore.from_url(live.app.config["MEDIA_URL"])
    keep_photo(activity, owner, prepare(jpeg(size=(1200, 900))), store=store, now=now)
    make_outcome(activity, permission=Permission.EXTERNAL, now=now)
    return _whole(activity)


def _planned(owner: Person, now: datetime, **over: Any) -> Activity:
    return _whole(make_activity(owner, now=now, **over))


def _whole(activity: Activity) -> Activity:
    loaded = whole_activity(activity.id)
    assert loaded
    return loaded
