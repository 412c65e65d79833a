"""Why a file of an import did not become a photo, or not one of its own. In English, as rows keep it."""

from typing import Final

# Of an archive as a whole.
NO_ARCHIVE: Final = (
    "This is no whole ZIP archive: it was probably cut short while being copied. Fetch it again."
)
TOO_MANY: Final = "The archive has more than %(limit)s files. Make several smaller ones of it."
# Of one file in an archive.
OUTSIDE: Final = "Its name leads out of the archive, which no honest archive does. It was not unpacked."
LINK: Final = "This is a link to another file. Import the file itself."
ENCRYPTED: Final = "It is protected by a password. Unpack the archive yourself and import the folder."
METHOD: Final = "It is packed in an unusual way. Unpack the archive yourself and import the folder."
BOMB: Final = (
    "It would become more than %(limit)s times as large when unpacked, as no photograph does. "
    "If it is one, unpack the archive yourself and import the folder."
)
OVERLAPS: Final = "It shares its bytes with another file of the archive, as only an attack does."
BROKEN: Final = "It can't be unpacked: what arrives is not what the archive says. Fetch the archive again."
NAME: Final = "Its name is longer than a name can be. Unpack the archive yourself and import the folder."
# Of any file.
FAULT: Final = (
    "Something went wrong on our side with this. Import it again later; what is here is not sent twice."
)
TOO_LARGE: Final = "The file is larger than one file may be here."
UNREADABLE: Final = "The file can't be read: %(what)s."
SYSTEM: Final = "A computer keeps this for itself; it is no photograph."
SPEAKS_OF_OTHERS: Final = (
    "It tells of a photo that is not among these files, but perhaps in another part of the export."
)
MOVING: Final = (
    "This is the moving part of a live photo. The picture itself is imported; videos are not kept."
)
IN_TRASH_THERE: Final = "It was in the trash of Google Photos."
IN_TRASH_HERE: Final = "The same photo is in your trash here. Restore it there if you want it back."
HERE_ALREADY: Final = "The same photo is here already."
TOOK_TOO_LONG: Final = "It took too long and was ended. Import it again; what is here is not sent twice."
BEING_SENT: Final = "The same photo is being sent from elsewhere at this moment. Import it again in a minute."
OTHERS: Final = "Other reasons."
# Why an import stops before its end.
NO_ROOM: Final = (
    "There is no room left. Make room or ask for more, and import again: what is here is not sent twice."
)
LOST: Final = "The archive is missing in the bucket. Send it again: what is here is not sent twice."
WAITS: Final = "The photo store does not answer just now; this goes on by itself."
AWAY: Final = "The photo store does not answer. Import again later: what is here is not sent twice."
