"""What people are told of a survey: that it is open, twice at most that they have not answered, and what came out.

Nobody else learns whom a reminder went to, and nothing counts them; closing deletes them.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, exists, select

from app.extensions import db
from app.models.notification import Kind, Notification
from app.models.person import Person, Role, in_portions
from app.models.survey import Survey, SurveyParticipation, reminder_keys
from app.services.notifications.digests_kept import forget_in_digests
from app.services.notifications.notify import notify
from app.services.programme.clock import local_today

#: People in one statement.
_PORTION: Final = 2000
#: The last reminder comes when there are two days left to answer.
_BEFORE_THE_END: Final = timedelta(days=2)


def tell_open(survey: Survey, now: datetime) -> None:
    """Everybody, once: in the inbox and by push; where there is no push, in the digest by mail."""
    for people in in_portions(_present(), _PORTION):
        _notify(survey, people, "open", "/survey", now, shuffled=True)


def remind(survey: Survey, now: datetime) -> None:
    """Those who have not answered: half-way, and shortly before the end. Called again on the same day, only those who
    were not reminded."""
    number = sum(day <= local_today(now) for day in reminder_days(survey))
    if not number or survey.is_paused:
        return
    answered = exists().where(
        SurveyParticipation.stage_id == survey.stage_id, SurveyParticipation.person_id == Person.id
    )
    for people in in_portions(_present().where(~answered), _PORTION):
        _notify(survey, people, f"reminder:{number}", "/survey", now, shuffled=True)


def reminder_days(survey: Survey) -> list[date]:
    """One or two days; none when people had hardly time to answer."""
    opened_on = local_today(survey.opened_at)
    half_way = opened_on + (survey.ends_on - opened_on) / 2
    days = {half_way, survey.ends_on - _BEFORE_THE_END}
    return sorted(day for day in days if opened_on < day < survey.ends_on)


def tell_released(survey: Survey, now: datetime) -> None:
    """Everybody: the results are there."""
    url = f"/survey/results/{survey.stage.number}"
    for people in in_portions(_present(), _PORTION):
        _notify(survey, people, "released", url, now)


def ask_to_read(survey: Survey, now: datetime) -> None:
    """The leads: the words wait to be read before anybody else sees them."""
    _tell_leads(survey, "words", now)


def tell_key_missing(survey: Survey, now: datetime) -> None:
    """The leads: nobody can answer for now."""
    _tell_leads(survey, f"key:{now:%Y-%m-%d}", now)


def tell_stuck(survey: Survey, now: datetime) -> None:
    """The leads, once a day as long as it lasts: what has to be done after its end fails. Why is said by the log, and
    how many have answered by nothing."""
    _tell_leads(survey, f"stuck:{now:%Y-%m-%d}", now)


def forget_reminders(survey: Survey) -> None:
    """Delete every reminder and its pushes, and what digests can tell of them: whom it went to had not answered by
    then."""
    reminders = Notification.key.startswith(reminder_keys(survey.stage.number))
    rows = db.session.execute(select(Notification.id, Notification.created_at).where(reminders)).all()
    if not rows:
        return
    db.session.execute(
        delete(Notification).where(reminders), execution_options={"synchronize_session": False}
    )
    forget_in_digests({row.id for row in rows}, since=local_today(min(row.created_at for row in rows)))


def _tell_leads(survey: Survey, event: str, now: datetime) -> None:
    leads = list(db.session.scalars(_present().where(Person.role == Role.LEAD)))
    _notify(survey, leads, event, f"/admin/surveys/{survey.stage.number}", now)


def _notify(
    survey: Survey, people: list[int], event: str, url: str, now: datetime, *, shuffled: bool = False
) -> None:
    key, parameters = _key(survey, event), _parameters(survey, event)
    notify(people, Kind.SURVEY, key=key, url=url, parameters=parameters, now=now, shuffled=shuffled)


def _key(survey: Survey, event: str) -> str:
    """Opened again after its key was lost, it is told again, be it on the same day."""
    again = f":{survey.opened_at:%Y%m%d%H%M%S}" if event == "open" else ""
    return f"survey:{survey.stage.number}:{event}{again}"


def _parameters(survey: Survey, event: str) -> dict[str, Any]:
    return {
        "event": event.partition(":")[0],
        "number": survey.stage.number,
        "last_day": survey.last_day.isoformat(),
    }


def _present() -> Select[int]:
    return select(Person.id).where(Person.is_present)
