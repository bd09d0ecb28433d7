"""The installable app: manifest, service worker and the page that is shown without a network."""

from app.blueprints.pwa.routes import blueprint

__all__ = ["blueprint"]
