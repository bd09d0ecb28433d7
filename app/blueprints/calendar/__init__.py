from flask import Blueprint

blueprint = Blueprint("calendar", __name__)

from app.blueprints.calendar import routes  # noqa: E402,F401  the routes need the blueprint
