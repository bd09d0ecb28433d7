from flask import Blueprint

blueprint = Blueprint("closeout", __name__)

from app.blueprints.closeout import routes  # noqa: E402,F401  the routes need the blueprint
