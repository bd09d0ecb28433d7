from flask import Blueprint

blueprint = Blueprint("pictures", __name__)

from app.blueprints.pictures import routes  # noqa: E402,F401  the routes need the blueprint
