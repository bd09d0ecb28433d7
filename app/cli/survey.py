"""`flask survey …`: where the measurement stands, and what to do when its key is lost."""

from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock
from app.config import Settings
from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.stage import Stage, stages
from app.models.survey import Survey
from app.services.programme.clock import local_today
from app.services.survey.closing import released_by
from app.services.survey.opening import EndError
from app.services.survey.standing import Standing, standing_of, surveys_by_stage
from app.services.survey.tending import ask_everybody_again

survey_commands = AppGroup("survey", help="The engagement measurement.")


@survey_commands.command("status")
def status() -> None:
    """Say where the survey of each stage stands. Nothing says who has answered."""
    surveys, keys, today = surveys_by_stage(), _keys(), local_today(clock.now())
    for stage in stages():
        survey = surveys.get(stage.id)
        standing = standing_of(stage, survey, keys, today)
        click.echo(f"Stage {stage.number}: {_sentence(standing, stage, survey)}")


@survey_commands.command("ask-again")
@click.argument("number", type=int)
@click.option(
    "--until", "last_day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day to answer."
)
def ask_again(number: int, last_day: datetime) -> None:
    """The key of stage NUMBER's survey is lost for good: throw away what nobody can read, and ask everybody again.

    Refuses while the key is there. Look for it first: with the key, no answer is lost.
    """
    now = clock.now()
    survey = Survey.of_stage(number)
    if survey is None:
        raise click.ClickException(f"Stage {number} has no survey.")
    if last_day.date() < local_today(now):
        raise click.ClickException("The last day to answer is over already.")
    ends_on = last_day.date() + timedelta(days=1)
    try:
        thrown_away = ask_everybody_again(survey, ends_on, _keys(), now)
    except EndError as error:
        db.session.rollback()
        raise click.ClickException(f"Nothing has been changed: {_why_not(survey)}") from error
    db.session.commit()
    click.echo(
        f"{thrown_away} sealed ballots are thrown away. Everybody is asked again, until {last_day:%Y-%m-%d}."
    )


def _why_not(survey: Survey) -> str:
    if survey.closed_at:
        return "the survey is closed, and its result is released."
    return "its key is there, or was when the worker looked for it, which it does every minute."


def _sentence(standing: Standing, stage: Stage, survey: Survey | None) -> str:
    if survey is None:
        return _sentence_before(standing, stage)
    match standing:
        case Standing.OPEN:
            return f"open, the last day is {survey.last_day}.{_about(survey)}"
        case Standing.PAUSED:
            return (
                f"paused since {survey.key_missing_since:%Y-%m-%d %H:%M} UTC, since its key is not in "
                f"{_settings().survey_dir}. Put it back, and the survey goes on within a minute."
            )
        case Standing.WORDS:
            return f"its words wait for a lead; without one it is released on {released_by(survey)}."
        case Standing.UNSHARED:
            return f"ended, but {_settings().survey_dir} does not hold its key: it must be the worker's SURVEY_DIR."
        case Standing.CLOSING:
            return "ended; the worker closes it within a minute."
        case _:
            return f"released on {survey.closed_at:%Y-%m-%d}."


def _sentence_before(standing: Standing, stage: Stage) -> str:
    match standing:
        case Standing.ASKS_NOTHING:
            return "no survey, since the programme file has no statements."
        case Standing.TO_COME:
            return f"opens on {stage.measure_on}."
        case Standing.OPENING:
            return "the worker opens it within a minute."
        case _:
            return "the stage went on without a survey."


def _about(survey: Survey) -> str:
    return f" At least {survey.answered_about} had answered last night." if survey.answered_about else ""


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _keys() -> SurveyKeys:
    return SurveyKeys(_settings().survey_dir)
