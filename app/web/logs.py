"""Structured logs on standard output: readable in development, JSON lines in production."""

import logging
from typing import Final

import structlog
from flask import Flask, request

#: Parts of addresses that open something to whoever holds them.
_SECRET: Final = frozenset({"token", "secret", "code"})


def init_app(app: Flask) -> None:
    """For the process, by its first application: loggers that have written once hold on to what was set then."""
    if structlog.is_configured():
        return
    development = app.config["SETTINGS"].development
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False)
            if development
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def path_for_log() -> str:
    """The address that was asked for; of one that is a key itself, only what kind of address it is."""
    if request.url_rule and _SECRET.intersection(request.view_args or ()):
        return request.url_rule.rule
    return request.path
