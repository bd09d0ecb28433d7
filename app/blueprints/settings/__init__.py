from flask import Blueprint

blueprint = Blueprint("settings", __name__)

from app.blueprints.settings import calendar_routes, routes  # noqa: E402,F401  the routes need the blueprint
