from flask import Blueprint

blueprint = Blueprint("coordinator", __name__)

from app.blueprints.coordinator import routes  # noqa: E402,F401  the routes need the blueprint
