"""The media store, on a directory and on a bucket."""

import socket
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from app.gateways.media import MediaMissing, MediaStore, MediaUnavailable

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


def _refusing(_tmp_path: Path, _s3: str) -> MediaStore:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return MediaStore.from_url(_bucket(f"http://127.0.0.1:{port}"))


def _no_bucket(_tmp_path: Path, s3: str) -> MediaStore:
    return MediaStore.from_url(_bucket(s3).replace("bilder", "no-such-bucket"))


def _file_for_a_folder(tmp_path: Path, _s3: str) -> MediaStore:
    store = MediaStore.from_url(f"file://{tmp_path}/media")
    (tmp_path / "media" / "a").write_text("")
    return store


@pytest.mark.parametrize("broken", [_refusing, _no_bucket, _file_for_a_folder])
def test_a_store_that_cannot_be_written_is_unavailable(
    broken: Callable[[Path, str], MediaStore], tmp_path: Path, s3: str
) -> None:
    with pytest.raises(MediaUnavailable):
        broken(tmp_path, s3).put("a/b.webp", b"x", "image/webp")


def test_a_store_that_does_not_answer_is_unavailable_for_everything(tmp_path: Path, s3: str) -> None:
    store = _refusing(tmp_path, s3)
    for question in (lambda: store.get("a"), lambda: store.exists("a"), lambda: store.delete(["a"])):
        with pytest.raises(MediaUnavailable):
            question()


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaUnavailable):
        MediaStore.from_url(f"file://{tmp_path}/file/media")
