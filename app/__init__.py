"""Eldsjäl. `create_app` is a table of contents: it wires the parts together and does nothing else."""

from werkzeug.middleware.proxy_fix import ProxyFix

import app.models  # noqa: F401  every table must be known before the first query
from app import cli, extensions, jobs
from app.blueprints import BLUEPRINTS
from app.config import Settings
from app.services.upkeep.settings_check import usable_settings
from app.web import (
    addresses,
    assets,
    avatar,
    body_limits,
    cache,
    conversation,
    errors,
    filters,
    headers,
    icons,
    indentation,
    language,
    logs,
    markup,
    navigation,
    origins,
    outages,
    owner,
    patchwork,
    push_here,
    sessions,
)
from app.web.application import Application


def create_app(settings: Settings | None = None) -> Application:
    """The application, from the given settings or from the environment.

    Raises:
        UnsafeSettingError: when those of the environment cannot be used; it says what to set.
    """
    settings = settings or usable_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    flask = Application(__name__, static_folder=None)
    flask.config.update(settings.flask())
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        flask.wsgi_app = ProxyFix(flask.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    # Before the check of a form's token, which reads the form.
    for gate in (body_limits, addresses):
        gate.init_app(flask)

    extensions.db.init_app(flask)
    extensions.migrate.init_app(flask)
    extensions.login.init_app(flask)
    extensions.csrf.init_app(flask)
    extensions.babel.init_app(flask, locale_selector=language.choose_locale)  # type: ignore[arg-type]
    extensions.htmx.init_app(flask)
    extensions.limiter.init_app(flask)
    extensions.compress.init_app(flask)

    for part in (
        logs,
        sessions,
        cache,
        filters,
        origins,
        errors,
        assets,
        icons,
        avatar,
        indentation,
        patchwork,
        language,
        markup,
        conversation,
        navigation,
        push_here,
        outages,
        headers,
        owner,
        jobs,
        cli,
    ):
        part.init_app(flask)
    for blueprint in BLUEPRINTS:
        flask.register_blueprint(blueprint)
    return flask
