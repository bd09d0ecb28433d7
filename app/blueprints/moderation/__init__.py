from flask import Blueprint

blueprint = Blueprint("moderation", __name__)

from app.blueprints.moderation import queue_routes, routes  # noqa: E402,F401  the routes need the blueprint
