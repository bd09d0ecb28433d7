from flask import Blueprint

blueprint = Blueprint("unsubscribe", __name__)

from app.blueprints.unsubscribe import routes  # noqa: E402,F401  the routes need the blueprint
