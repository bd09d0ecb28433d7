from flask import Blueprint

blueprint = Blueprint("people", __name__)

from app.blueprints.people import routes  # noqa: E402,F401  the routes need the blueprint
