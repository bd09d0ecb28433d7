from flask import Blueprint

blueprint = Blueprint("activities", __name__)

from app.blueprints.activities import routes  # noqa: E402,F401  the routes need the blueprint
