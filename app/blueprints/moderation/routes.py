from app.blueprints.moderation import blueprint  # noqa: F401
