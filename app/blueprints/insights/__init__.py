from flask import Blueprint

from app.blueprints.insights.story import share

blueprint = Blueprint("insights", __name__)
blueprint.add_app_template_filter(share)

from app.blueprints.insights import routes  # noqa: E402,F401  the routes need the blueprint
