"""XMP: hostile XML in, the few properties that are asked for out. Source: ISO 16684-1, 6 and 7.

expat itself and not a tree of it: a packet of a megabyte costs no more than its texts, a document type ends the
reading, so that no entity is ever declared, and what stood before an error is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

Xmp = Mapping[str, tuple[str, ...]]

# What is asked for, by the prefix that everybody writes; a packet may call its namespaces anything.
_PREFIXES: Mapping[str, str] = {
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
_FLASH, _ITEM, _LANGUAGE = "exif:Flash", "rdf:li", "xml:lang"
_MAX_DEPTH = 200
# No property that is asked for has more items or longer ones: a caption in some languages.
_MAX_ITEMS, _LONGEST = 100, 8192


class _Hostile(Exception):
    """It declares a document type, or is nested as no packet is."""


def read_xmp(packet: bytes) -> Xmp:
    """Properties by name ("dc:description"): their items in order, a text for any language first. Never raises."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    try:
        parser.Parse(packet.strip(b"\x00 \t\r\n"), True)
    except _Hostile:
        return {}
    except (
        expat.ExpatError,
        ValueError,
        LookupError,
    ):  # not well formed, or in an encoding that nobody knows
        pass
    return {name: tuple(items) for name, items in reader.found.items()}


class _Reader:
    """Where the parser is: in rdf:RDF stand descriptions, in them properties, in those perhaps a list of items.

    What lies deeper belongs to something else, such as the pictures that this one was made of; but the flash is a
    structure, and whether it fired is one of its fields.
    """

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self.text: list[str] = []
        self._path: list[str] = []
        self._language = ""

    def refuse(self, *_declared: object) -> None:
        raise _Hostile

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) == _MAX_DEPTH:
            raise _Hostile
        told = {_short(key): value for key, value in attributes.items()}
        self._path.append(_short(name))
        self._language = told.get(_LANGUAGE, "")
        self.text.clear()
        if len(self._inside) == 1 or self._inside[1:2] == [_FLASH]:
            for key, value in told.items():
                self._tell(key, value)

    def end(self, _name: str) -> None:
        inside, text = self._inside, "".join(self.text).strip()
        if len(inside) == 2 or (len(inside) == 4 and inside[3] == _ITEM):
            self._tell(inside[1], text)
        elif len(inside) > 2 and inside[1] == _FLASH:
            self._tell(inside[-1], text)
        self._path.pop()
        self.text.clear()

    @property
    def _inside(self) -> list[str]:
        """The path from the first element in rdf:RDF on; [] outside of it."""
        root = self._path.index("rdf:RDF") if "rdf:RDF" in self._path[:3] else len(self._path)
        return self._path[root + 1 :]

    def _tell(self, name: str, text: str) -> None:
        if not name or not text or name.startswith(("rdf:", "xml:")):
            return
        items = self.found.setdefault(name, [])
        if len(items) < _MAX_ITEMS:
            items.insert(0 if self._language == "x-default" else len(items), text[:_LONGEST])


def _short(name: str) -> str:
    """ "" for what is not asked for."""
    namespace, _, local = name.rpartition(" ")
    prefix = _PREFIXES.get(namespace, "")
    return f"{prefix}:{local}" if prefix else ""
