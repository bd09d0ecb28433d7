"""For monitoring and load balancers: whether the process answers, and whether it can work."""

from functools import cache

import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.blueprints.health import blueprint
from app.extensions import db
from app.web.access import public
from app.web.outages import DATABASE_ERRORS, what_is_away

log = structlog.get_logger()


@blueprint.get("/healthz")
@public
def alive() -> tuple[str, int, dict[str, str]]:
    """The process answers. Does not ask the database: a slow one is no reason to restart the process."""
    return _say("ok", 200)


@blueprint.get("/readyz")
@public
def ready() -> tuple[str, int, dict[str, str]]:
    """The database answers and its tables are those of this version."""
    try:
        revisions = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    except DATABASE_ERRORS as error:
        log.exception("database does not answer", what=what_is_away(error))
        return _say("the database does not answer", 503)
    if revisions != _newest_revisions(str(current_app.extensions["migrate"].directory)):
        return _say("the database needs: flask --app wsgi db upgrade", 503)
    return _say("ok", 200)


@cache
def _newest_revisions(directory: str) -> set[str]:
    return set(ScriptDirectory(directory).get_heads())


def _say(text: str, status: int) -> tuple[str, int, dict[str, str]]:
    return text + "\n", status, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
