from flask import Blueprint

blueprint = Blueprint("health", __name__)

from app.blueprints.health import routes  # noqa: E402,F401  the routes need the blueprint
