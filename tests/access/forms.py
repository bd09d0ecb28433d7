"""What is sent to each address that does something: what somebody sends who may. What is not here takes nothing."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from app.extensions import db
from app.models.calendar_address import CalendarAddress
from app.models.notification import Mail
from app.services.points.members import count_everybody
from app.services.publishing.lobby_address import revoke_address
from tests.accounts.code_mail import latest_code
from tests.factories import NOW, make_person, stage
from tests.lesson_makers import make_helpful
from tests.message_makers import SLOT
from tests.pictures import jpeg
from tests.push_device import Device

World = dict[str, Any]
Preparation = Callable[[World, FlaskClient, str], None]

_PLAN: Final = {"title": "Fika med nya kollegor", "value": "valkomnande", "focus_area": "larande"}
_CHALLENGE: Final = {
    **_PLAN, "why": "Öppna dörren.", "kind": "individual", "done_when": "någon har varit hos er", "points": "40",
    "opens_on": "2026-11-01", "closes_on": "2026-11-20",
}  # fmt: skip
_REPORT: Final = {"carried_out": "yes", "rating": "4", "permission": "internal"}
_SETTINGS: Final = {
    "quiet_from": "18:00", "quiet_until": "07:00", "first_slot": "08:30", "second_slot": "13:30", "language": "en",
    "theme": "dark",
}  # fmt: skip
_WRONG: Final = {"reason": "tone", "text": "Det låter hårt."}
_SAID: Final = {"body": "Så roligt."}
_MESSAGE: Final = {
    "audience": "everybody", "title_sv": "Cykla med på fredag?", "body_sv": "Häng på.", "goes_to": "/challenges",
    "when": SLOT.isoformat(timespec="minutes"), "slot": "08:30",
}  # fmt: skip
_HELLO: Final = {"text": "Fika på torsdag?"}

#: By method and address as the tables have them; names in braces are those of the world.
FORMS: Final = {
    "POST /activities/new": _PLAN,
    "POST /activities/new?challenge={challenge_of_bjuv}": _PLAN,
    "POST /activities/new?challenge={draft_of_bjuv}": _PLAN,
    "POST /activities/new?challenge={hidden_challenge}": _PLAN,
    "POST /activities/{planned}/edit": {**_PLAN, "seen": "{planned_seen}"},
    "POST /activities/{hidden}/edit": {**_PLAN, "seen": "{hidden_seen}"},
    "POST /activities/{waiting}/edit": {**_PLAN, "seen": "{waiting_seen}"},
    "POST /activities/{asked}/edit": {**_PLAN, "seen": "{asked_seen}"},
    "POST /activities/{planned}/date": {"planned_for": "2026-11-20"},
    "POST /activities/{planned}/invitations": {"person_id": "{other}"},
    "POST /activities/{planned}/joining": {"other": "{alike}"},
    "POST /activities/{planned}/outcome": _REPORT,
    "POST /activities/{hidden}/outcome": _REPORT,
    "POST /activities/{waiting}/outcome": _REPORT,
    "POST /activities/{asked}/outcome": _REPORT,
    "POST /activities/{plan_of_limited}/edit": {**_PLAN, "seen": "{plan_of_limited_seen}"},
    "POST /activities/{plan_of_limited}/date": {"planned_for": "2026-11-20"},
    "POST /activities/{done_of_limited}/outcome": _REPORT,
    "POST /activities/{done}/cheer": {"kind": "hat"},
    "POST /activities/{talked_about}/comments": _SAID,
    "POST /activities/{hidden}/comments": _SAID,
    "POST /activities/{withdrawn}/comments": _SAID,
    "POST /challenges/{challenge_of_bjuv}/comments": _SAID,
    "POST /challenges/{draft}/comments": _SAID,
    "POST /tips/{tip}/comments": _SAID,
    "POST /tips/{hidden_tip}/comments": _SAID,
    "POST /comments/{comment}/answer": _SAID,
    "POST /comments/{hidden_comment}/answer": _SAID,
    "POST /comments/{withdrawn_comment}/answer": _SAID,
    "POST /comments/{comment_on_hidden}/answer": _SAID,
    "POST /comments/{comment}/edit": _SAID,
    "POST /comments/{old_comment}/edit": _SAID,
    "POST /comments/{hidden_comment}/edit": _SAID,
    "POST /comments/{comment_of_limited}/edit": _SAID,
    "POST /activities/{planned}/pin": {"last_day": "2026-11-20"},
    "POST /challenges/{challenge}/pin": {"last_day": "2026-11-20"},
    "POST /activities/{hidden}/pin": {"last_day": "2026-11-20"},
    "POST /activities/{done}/best-practice": {"sentence": "Gör så här."},
    "POST /activities/{done}/correction": {"value": "kreativt", "focus_area": "miljo"},
    "POST /activities/{done}/double": {"kept": "{shown}"},
    "POST /activities/{hidden}/best-practice": {"sentence": "Gör så här."},
    "POST /admin/stages/2/advance": {"to": "learn"},
    "POST /admin/stages/2/playbook/halfway": {"title_sv": "Halvvägs"},
    "POST /admin/stages/2/playbook/halfway/switch": {"to": "off"},
    "POST /admin/surveys/2/blanked-words": {"word": "Möten", "sure": "y"},
    "POST /admin/surveys/3/end": {"last_day": "2026-11-10"},
    "POST /admin/stages/2/messages": _MESSAGE,
    "POST /admin/stages/2/messages/{message}": {**_MESSAGE, "seen": "{message_seen}"},
    "POST /admin/stages/2/messages/{gone_message}": {**_MESSAGE, "seen": "{gone_message_seen}"},
    "POST /admin/stages/2/messages/trial": _MESSAGE,
    "POST /admin/stages/2/playbook/halfway/trial": {"title_sv": "Halvvägs"},
    "POST /badges/shown": {"shown": "y"},
    "POST /challenges/new": _CHALLENGE,
    "POST /challenges/{challenge}/edit": {**_CHALLENGE, "seen": "{challenge_seen}"},
    "POST /challenges/{challenge_of_bjuv}/edit": {**_CHALLENGE, "seen": "{challenge_of_bjuv_seen}"},
    "POST /challenges/reviews/{completed}/return": {"text": "Vem kom?"},
    "POST {close}": {"choice": "done"},
    "POST {close}/account": {"rating": "4"},
    "POST {close}/day": {"other": "2026-11-20"},
    "POST {close_of_left}": {"choice": "done"},
    "POST {close_of_limited}": {"choice": "done"},
    "POST {close_of_limited}/account": {"rating": "4"},
    "POST /coordinator/hello": _HELLO,
    "POST /join/join-bjuv": {
        "email": "ny@bjuv.se",
        "name": "Ny Nilsson",
        "municipality": "bjuv",
        "informed": "y",
    },
    "POST /language": {"language": "en"},
    "POST /login": {"email": "ny@bjuv.se"},
    "POST /login/demo": {"role": "lead"},
    "POST /login/code": {"code": "{code}"},
    "POST /me/points/{entry}/question": {"text": "Jag var sjuk den dagen."},
    "POST /moderation/answer/{hidden}": {"text": "Alla har sagt ja."},
    "POST /moderation/answer/{planned}": {"text": "Alla har sagt ja."},
    "POST /moderation/answer/{hidden_comment}": {"text": "Det var inte så menat."},
    "POST /moderation/answer/{hidden_of_limited}": {"text": "Det var inte så menat."},
    "POST /moderation/answer/{hidden}/again": {"title": "Mjukare", "story": ""},
    "POST /moderation/answer/{resting}/again": {"title": "Mjukare"},
    "POST /moderation/answer/{planned}/again": {"title": "Mjukare"},
    "POST /moderation/answer/{hidden_comment}/again": {"body": "Mjukare."},
    "POST /moderation/answer/{hidden_of_limited}/again": {"title": "Mjukare"},
    "POST /moderation/pictures/{withheld}/answer": {"text": "Alla har sagt ja."},
    "POST /moderation/pictures/{objected}/answer": {"text": "Alla har sagt ja."},
    "POST /moderation/report/{planned}": _WRONG,
    "POST /moderation/report/{comment}": _WRONG,
    "POST /moderation/report/{thanks_of_owner}": _WRONG,
    "POST /people/{other}/thanks": {"words": "Tack för i går."},
    "POST /people/{left}/thanks": {"words": "Tack för i går."},
    "POST /me/page": {"thanks": "y"},
    "POST /moderation/{planned}/decision": {**_WRONG, "verdict": "hide"},
    "POST /moderation/{joint}/decision": {**_WRONG, "verdict": "ask"},
    "POST /moderation/{of_left}/decision": {**_WRONG, "verdict": "hide"},
    "POST /moderation/{tip}/decision": {**_WRONG, "verdict": "hide"},
    "POST /moderation/{challenge}/decision": {**_WRONG, "verdict": "hide"},
    "POST /moderation/{challenge_of_bjuv}/decision": {**_WRONG, "verdict": "hide"},
    "POST /moderation/{comment_of_other}/decision": {**_WRONG, "verdict": "hide"},
    "POST /moderation/{done}/decision": {**_WRONG, "verdict": "limit", "days": "7"},
    "POST /moderation/{flagged}/decision": {"verdict": "keep"},
    "POST /moderation/{hidden}/notes": {"note": "Jag ringer Alice."},
    "POST /pictures/{photo_key}/objection": {"words": "Jag har inte sagt ja."},
    "POST /points/questions/{question}/answer": {"text": "Nu stämmer det."},
    "POST /settings": _SETTINGS,
    "POST /stages/1/lessons/gaps": {"value": "1", "focus_area": "1"},
    "POST /stages/1/lessons/{lesson}": {"heading": "Ta med skolan", "text": "", "seen": "{lesson_seen}"},
    "POST /survey": {"stage": "3", "mark_0": "4"},
    "POST /tips/new": {**_PLAN, "kind": "success", "text": "Bjud in på deras plan."},
}
_JSON: Final = {
    "POST /push/subscriptions": Device("https://fcm.googleapis.com/a").subscription(),
    "DELETE /push/subscriptions": {"endpoint": "https://fcm.googleapis.com/a"},
}


def body(request: str, world: World) -> dict[str, Any]:
    """The body of the request, as the test client takes it."""
    if request in _JSON:
        return {"json": _JSON[request]}
    fields: dict[str, Any] = {name: text.format(**world) for name, text in FORMS.get(request, {}).items()}
    if request.endswith("/photos"):
        fields["photos"] = BytesIO(jpeg("white", (32, 24))), "bild.jpg"
    return {"data": fields}


def _no_screen(world: World, _browser: FlaskClient, _column: str) -> None:
    revoke_address(world["screen"])
    db.session.commit()


def _no_calendar(_world: World, _browser: FlaskClient, _column: str) -> None:
    db.session.execute(delete(CalendarAddress))
    db.session.commit()


def _with_a_code(world: World, browser: FlaskClient, column: str) -> None:
    """Whose browser it is has asked for a code to their own address; who left or never took part is mailed none."""
    browser.post("/login", data={"email": world["emails"].get(column, "ingen@bjuv.se")})
    world["code"] = latest_code() if db.session.scalar(select(func.count(Mail.id))) else "000000"


def _something_new(_world: World, _browser: FlaskClient, _column: str) -> None:
    """A lesson that the draft has not."""
    make_helpful(make_person(place="klippan"), text="Nytt sedan dess.", now=NOW - timedelta(days=250))


def _done_before(request: str, **fields: str) -> Preparation:
    """What is taken back must have been done: by the same person, if they may."""

    def do(world: World, browser: FlaskClient, _column: str) -> None:
        address = request.removeprefix("POST ").format(**world)
        browser.post(address, **({"data": fields} if fields else body(request, world)))

    return do


def _as_many_as_are_greeted(_world: World, _browser: FlaskClient, _column: str) -> None:
    """In the coordinator's municipality; elsewhere there are too few."""
    for _ in range(6):
        make_person(signed_in_at=NOW - timedelta(days=300))
    count_everybody(stage())
    db.session.commit()


def _a_hello_to_take_back(world: World, browser: FlaskClient, column: str) -> None:
    _as_many_as_are_greeted(world, browser, column)
    _done_before("POST /coordinator/hello")(world, browser, column)


#: What comes first, in the same browser.
BEFORE: Final[dict[str, Preparation]] = {
    "POST /activities/{planned}/cheer/withdrawal": _done_before("POST /activities/{planned}/cheer"),
    "POST /activities/{joined}/coming/withdrawal": _done_before("POST /activities/{joined}/coming"),
    "POST /activities/{planned}/pin/withdrawal": _done_before("POST /activities/{planned}/pin"),
    "POST /challenges/{challenge}/pin/withdrawal": _done_before("POST /challenges/{challenge}/pin"),
    "POST /admin/screen": _no_screen,
    "POST /comments/{comment}/cheer/withdrawal": _done_before("POST /comments/{comment}/cheer"),
    "POST /comments/{comment}/return": _done_before("POST /comments/{comment}/withdrawal"),
    "POST /coordinator/hello": _as_many_as_are_greeted,
    "POST /coordinator/hello/withdrawal": _a_hello_to_take_back,
    "POST /activities/{talked_about}/comments/mute/withdrawal": _done_before(
        "POST /activities/{talked_about}/comments/mute"
    ),
    "POST {close}/account": _done_before("POST {close}", choice="done"),
    "POST {close}/day": _done_before("POST {close}", choice="moved"),
    "POST {close}/undo": _done_before("POST {close}", choice="done"),
    "POST /leaderboard/people/absence": _done_before("POST /leaderboard/people/presence"),
    "POST /follows/person/{owner}/withdrawal": _done_before("POST /follows/person/{owner}"),
    "GET /login/code": _with_a_code,
    "POST /login/code": _with_a_code,
    "POST /login/code/new": _with_a_code,
    "DELETE /push/subscriptions": _done_before("POST /push/subscriptions"),
    "POST /settings/calendar": _no_calendar,
    "POST /stages/1/lessons/draft": _something_new,
    "POST /thanks/{thanks_to_owner}/presence": _done_before("POST /thanks/{thanks_to_owner}/absence"),
    "POST /tips/{tip}/cheer/withdrawal": _done_before("POST /tips/{tip}/cheer"),
}
