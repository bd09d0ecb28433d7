"""Checks a path that an address names for going on afterwards (`?next=`)."""

from urllib.parse import urlsplit


def local_path(path: str | None) -> str:
    """The path if it leads to a page of ours, else the start page: a link must not lead people to another site."""
    if not path or not path.startswith("/") or path[1:2] in {"/", "\\"}:
        return "/"
    if any(character in path for character in "\r\n\t\\\0"):
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path
