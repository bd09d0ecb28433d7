"""One package for each area of the product. Blueprints do not know each other; they link by `url_for`."""

from importlib import import_module

from flask import Blueprint

_AREAS = (
    "activities",
    "admin",
    "auth",
    "badges",
    "calendar",
    "challenges",
    "closeout",
    "conversation",
    "coordinator",
    "feed",
    "following",
    "health",
    "inbox",
    "insights",
    "leaderboard",
    "lessons",
    "lobby",
    "me",
    "media",
    "moderation",
    "pages",
    "people",
    "pictures",
    "push",
    "pwa",
    "questions",
    "search",
    "settings",
    "stages",
    "survey",
    "thanks",
    "undertakings",
    "unsubscribe",
    "tips",
)

BLUEPRINTS: tuple[Blueprint, ...] = tuple(import_module(f"{__name__}.{area}").blueprint for area in _AREAS)
