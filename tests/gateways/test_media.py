"""The media store, on a directory and on a bucket."""

import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from app.gateways import media
from app.gateways.media import MediaAway, MediaMissing, MediaStore

pytestmark = pytest.mark.house  # needs no database

LARGE = bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server with the bucket `bilder`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with urllib.request.urlopen(urllib.request.Request(f"{endpoint}/bilder", method="PUT")):
        yield endpoint
    server.stop()


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    if request.param == "file":
        return MediaStore.from_url(f"file://{tmp_path}/med%20bilder")
    return MediaStore.from_url(_bucket(request.getfixturevalue("s3")) + "&region=eu-north-1")


def test_what_was_put_is_there_until_it_is_deleted(store: MediaStore) -> None:
    key = "outcomes/12/3f9a-m.avif"
    assert not store.exists(key)
    store.put(key, LARGE, "image/avif")
    assert store.exists(key)
    assert store.get(key) == LARGE
    store.delete([key, "outcomes/12/never-there.avif"])
    assert not store.exists(key)


def test_a_second_put_replaces_the_first(store: MediaStore) -> None:
    store.put("a.webp", b"first", "image/webp")
    store.put("a.webp", b"second", "image/webp")
    assert store.get("a.webp") == b"second"
    store.delete(["a.webp"])


def test_what_is_not_there_is_missing(store: MediaStore) -> None:
    with pytest.raises(MediaMissing):
        store.get("nothing.webp")


@pytest.mark.parametrize(
    "key",
    [
        "", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.hidden", "a\\b", "a b", "å.webp", "a\x00",
        "a\n", "%2e%2e/x", "x" * 513,
    ],
)  # fmt: skip
def test_no_key_leads_out_of_the_store(store: MediaStore, key: str) -> None:
    with pytest.raises(ValueError, match="Not a key"):
        store.put(key, b"x", "image/webp")
    with pytest.raises(ValueError, match="Not a key"):
        store.get(key)
    with pytest.raises(ValueError, match="Not a key"):
        store.exists(key)
    with pytest.raises(ValueError, match="Not a key"):
        store.delete(["good.webp", key])


def test_a_bucket_has_its_prefix_and_says_what_a_file_is(s3: str) -> None:
    MediaStore.from_url(_bucket(s3)).put("b.avif", b"avif", "image/avif")
    whole = S3Store(
        "bilder",
        endpoint=s3,
        access_key_id="test",
        secret_access_key="test",
        client_options={"allow_http": True},
    )
    found = obstore.get(whole, "eldsjal/b.avif")
    assert (bytes(found.bytes()), found.attributes["Content-Type"]) == (b"avif", "image/avif")


def test_a_directory_keeps_files_by_their_keys(tmp_path: Path) -> None:
    MediaStore.from_url(f"file://{tmp_path}").put("a/b.webp", b"webp", "image/webp")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == [
        "a/b.webp"
    ]
    assert (tmp_path / "a/b.webp").read_bytes() == b"webp"


@pytest.mark.parametrize(
    "url", ["", "media", "file://", "s3://", "http://example.se/x", "s3://bucket?secret=1"]
)
def test_a_setting_that_is_wrong_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="MEDIA_URL"):
        MediaStore.from_url(url)


def _bucket(endpoint: str) -> str:
    keys = "access_key_id=test&secret_access_key=test&path_style=1"
    return f"s3://bilder/eldsjal?endpoint={endpoint}&{keys}"


def test_what_was_stored_before_a_moment_is_listed_page_by_page(
    store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "_PAGE", 2)
    keys = {f"{'uploads/' * (n % 2)}{n:032x}" for n in range(5)}
    for key in keys:
        store.put(key, b"x", "image/webp")
    later = datetime.now(UTC) + timedelta(minutes=1)
    pages = list(store.keys_before(later))
    assert {key for page in pages for key in page} >= keys
    assert max(map(len, pages)) <= 2
    assert [key for page in store.keys_before(later - timedelta(hours=1)) for key in page] == []
    store.delete(keys)


def test_what_a_killed_process_had_begun_to_write_can_be_dropped(tmp_path: Path) -> None:
    store = MediaStore.from_url(f"file://{tmp_path}")
    store.put("uploads/a", b"whole", "image/jpeg")
    (tmp_path / "uploads/b#1").write_bytes(b"half")
    now = datetime.now(UTC)
    assert store.drop_unfinished(now - timedelta(hours=1)) == 0
    assert store.drop_unfinished(now + timedelta(hours=1)) == 1
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["a"]


@pytest.fixture(params=["a file in the way", "directory gone", "no server", "no bucket"])
def away(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    """A store that was there when it was opened, and is no longer."""
    if request.param == "no server":
        return MediaStore.from_url(_bucket("http://127.0.0.1:9") + "&region=eu-north-1")
    if request.param == "no bucket":
        url = _bucket(request.getfixturevalue("s3")).replace("bilder", "borta")
        return MediaStore.from_url(url + "&region=eu-north-1")
    folder = tmp_path / "media"
    store = MediaStore.from_url(f"file://{folder}")
    folder.rmdir()
    if request.param == "a file in the way":
        folder.write_text("")
    return store


def test_a_store_that_is_away_says_so_whatever_is_asked(
    away: MediaStore, request: pytest.FixtureRequest
) -> None:
    asked: dict[str, Callable[[], object]] = {
        "put": lambda: away.put("a.webp", b"x", "image/webp"),
        "get": lambda: away.get("a.webp"),
        "exists": lambda: away.exists("a.webp"),
        "list": lambda: list(away.keys_before(datetime.now(UTC))),
    }
    if "no bucket" in request.node.callspec.id:
        del asked["get"], asked["exists"]  # a bucket and a key that are missing look the same
    for question in asked.values():
        with pytest.raises(MediaAway):
            question()


def test_a_folder_that_cannot_be_made_says_that_the_store_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaAway):
        MediaStore.from_url(f"file://{tmp_path}/file/media")
