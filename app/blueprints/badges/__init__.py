from flask import Blueprint

blueprint = Blueprint("badges", __name__)

from app.blueprints.badges import routes  # noqa: E402,F401  the routes need the blueprint
