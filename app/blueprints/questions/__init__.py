from flask import Blueprint

blueprint = Blueprint("questions", __name__)

from app.blueprints.questions import routes  # noqa: E402,F401  the routes need the blueprint
