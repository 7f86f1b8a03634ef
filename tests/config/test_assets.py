"""Collecting the assets and compiling the messages: only what has changed."""

import gzip
import os

from helpdesk.config.server import assets, prepare


def test_assets_are_collected_once_and_again_after_a_change(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "look.css").write_text("a { color: red }\n" * 100)
    (source / "tiny.css").write_text("a{}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    assert assets.collect() is True
    compressed = tmp_path / "static" / "look.css.gz"
    assert gzip.decompress(compressed.read_bytes()) == (source / "look.css").read_bytes()
    assert not (tmp_path / "static" / "tiny.css.gz").exists()
    assert assets.collect() is False
    (source / "look.css").write_text("a { color: blue }\n" * 100)
    assert assets.collect() is True
    assert b"blue" in gzip.decompress(compressed.read_bytes())


def test_what_is_named_by_its_content_holds_it(settings, tmp_path):
    """Pages load the hashed names; the plain ones lie beside them."""
    source = tmp_path / "source" / "web" / "css"
    source.mkdir(parents=True)
    (source / "look.css").write_text("/* why */\na { color: red }\n")
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "helpdesk.web.storage.Hashed"}}
    assets.collect()
    made = {path.name: path.read_text() for path in (tmp_path / "static" / "web" / "css").glob("*.css")}
    assert len(made) == 2 and set(made.values()) == {"a { color: red }\n"}


def test_messages_are_stale_until_compiled(tmp_path):
    folder = tmp_path / "room" / "locale" / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("")
    assert prepare.stale_messages(tmp_path)
    (folder / "django.mo").write_bytes(b"")
    assert not prepare.stale_messages(tmp_path)
    os.utime(folder / "django.mo", (0, 0))
    assert prepare.stale_messages(tmp_path)
