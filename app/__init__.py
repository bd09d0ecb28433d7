"""Eldsjäl. `create_app` is a table of contents: it wires the parts together and does nothing else."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models  # noqa: F401  every table must be known before the first query
from app import cli, extensions, jobs
from app.blueprints import BLUEPRINTS
from app.config import Settings
from app.web import (
    addresses,
    assets,
    cache,
    errors,
    filters,
    headers,
    icons,
    indentation,
    language,
    logs,
    markup,
    navigation,
    owner,
    patchwork,
    sessions,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, from the given settings or from the environment.

    Raises:
        UnsafeSettingError: in production, when a setting that matters is missing; it says what to set.
    """
    settings = settings or Settings.from_env()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    flask = Flask(__name__, static_folder=None)
    flask.config.update(settings.flask())
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        flask.wsgi_app = ProxyFix(flask.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    extensions.db.init_app(flask)
    extensions.migrate.init_app(flask)
    extensions.login.init_app(flask)
    extensions.csrf.init_app(flask)
    extensions.babel.init_app(flask, locale_selector=language.choose_language)
    extensions.htmx.init_app(flask)
    extensions.limiter.init_app(flask)
    extensions.compress.init_app(flask)

    for part in (
        logs,
        addresses,
        sessions,
        cache,
        filters,
        headers,
        owner,
        errors,
        assets,
        icons,
        indentation,
        patchwork,
        language,
        markup,
        navigation,
        jobs,
        cli,
    ):
        part.init_app(flask)
    for blueprint in BLUEPRINTS:
        flask.register_blueprint(blueprint)
    return flask
