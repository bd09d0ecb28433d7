from flask import Blueprint

blueprint = Blueprint("stages", __name__)

from app.blueprints.stages import routes  # noqa: E402,F401  the routes need the blueprint
