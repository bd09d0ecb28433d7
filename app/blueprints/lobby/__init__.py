from flask import Blueprint

blueprint = Blueprint("lobby", __name__)

from app.blueprints.lobby import routes  # noqa: E402,F401  the routes need the blueprint
