"""Words as they are compared: without case, accents and spare blanks. Pure."""

import unicodedata
from typing import Final

LONGEST: Final = 200


def fold(text: str, longest: int = LONGEST) -> str:
    """ "Café  au Lait" as "cafe au lait". What consists of accents alone keeps them; at most `longest` characters."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    folded = " ".join((plain if plain.strip() else text).replace("\x00", "\ufffd").casefold().split())
    return folded[:longest].strip()
