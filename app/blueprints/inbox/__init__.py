from flask import Blueprint

blueprint = Blueprint("inbox", __name__)

from app.blueprints.inbox import routes  # noqa: E402,F401  the routes need the blueprint
