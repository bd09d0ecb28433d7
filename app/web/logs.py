"""Structured logs on standard output: readable in development, JSON lines in production."""

import logging

import structlog
from flask import Flask


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
