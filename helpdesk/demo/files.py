"""Files of the demo world, made once per kind and variant; many requests carry the same few contents."""

from random import Random

from helpdesk.core import files
from helpdesk.demo.content.attachments import Built, build
from helpdesk.tickets.actions import NewFile


class FileCache:
    """Gives a file of a kind, as it is built or as it is stored."""

    def __init__(self) -> None:
        self._built: dict[tuple[str, int], Built] = {}
        self._stored: dict[tuple[str, int], NewFile] = {}

    def built(self, name: str, variant: int) -> Built:
        """Name, content type and bytes."""
        key = (name, variant % 3)
        if key not in self._built:
            self._built[key] = build(name, Random(f"{name}:{key[1]}"))
        return self._built[key]

    def get(self, name: str, variant: int) -> NewFile:
        """A stored file of this kind."""
        key = (name, variant % 3)
        if key not in self._stored:
            filename, content_type, content = self.built(name, variant)
            self._stored[key] = NewFile(files.store(content), filename, content_type)
        return self._stored[key]
