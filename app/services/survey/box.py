"""The box of an open survey: every night it forgets in what order ballots came, and how many exactly."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, exists, func, insert, select, text

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.survey import Ballot, Survey, SurveyParticipation, wait_for_turn

_BoxTable = type[Ballot] | type[SurveyParticipation]
_BOX: Final[tuple[_BoxTable, ...]] = (Ballot, SurveyParticipation)
#: Rows in one statement: SQLite takes 32,766 parameters at most.
_PORTION: Final = 2000


def check_key(survey: Survey, keys: SurveyKeys, now: datetime) -> None:
    """Pause answering while the private key is not there, and go on when it has been put back."""
    if keys.matches(survey.stage.number, survey.public_key):
        survey.key_missing_since = None
    elif survey.key_missing_since is None and _is_missing(survey.stage_id, keys):
        survey.key_missing_since = now


def _is_missing(stage_id: int, keys: SurveyKeys) -> bool:
    """Looked at in turn, since another worker may just have closed the survey, and destroyed the key."""
    survey = wait_for_turn(stage_id)
    return (
        survey is not None
        and survey.closed_at is None
        and not keys.matches(survey.stage.number, survey.public_key)
    )


def count_about(survey: Survey) -> None:
    """Take note of about how many have answered."""
    count = db.session.scalar(counted(SurveyParticipation, survey.stage_id)) or 0
    survey.answered_fives = count // 5


def counted(table: _BoxTable, stage_id: int) -> Any:
    return select(func.count()).select_from(table).where(table.stage_id == stage_id)


def write_anew(survey: Survey) -> None:
    """Write box and participations again in the order of their keys, all in one transaction. PostgreSQL keeps rows as
    they came, each with the number of its transaction; SQLite keeps them by key anyway."""
    if wait_for_turn(survey.stage_id) is None:
        return
    for table in _BOX:
        own = table.stage_id == survey.stage_id
        query = select(*table.__table__.columns).where(own).order_by(*table.__table__.primary_key)
        rows = [row._asdict() for row in db.session.execute(query)]
        db.session.execute(delete(table).where(own), execution_options={"synchronize_session": False})
        for start in range(0, len(rows), _PORTION):
            db.session.execute(insert(table), rows[start : start + _PORTION])


def forget_traces() -> None:
    """Let the database's files forget what has been deleted, as far as a database can be told to. In no transaction."""
    if db.engine.dialect.name == "postgresql":
        for table in _BOX:
            _empty_file(table)
            _vacuum(table)
    else:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _empty_file(table: _BoxTable) -> None:
    """Give a table without rows a new file. A vacuum leaves the old rows while anybody, such as the statistics that
    PostgreSQL makes by itself, may still look at them."""
    with db.engine.begin() as connection:
        connection.execute(text(f"LOCK TABLE {table.__tablename__} IN ACCESS EXCLUSIVE MODE"))
        if not connection.scalar(select(exists(select(table.stage_id)))):
            connection.execute(text(f"TRUNCATE {table.__tablename__}"))


def _vacuum(table: _BoxTable) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (FULL) {table.__tablename__}"))
