"""What stands in a file beside its picture: EXIF, XMP, IPTC, and what a PNG says in its own words.

All of it is somebody else's bytes. It is read in the process that decodes, without Pillow, from pieces of at most
MAX_BLOCK bytes, and nothing here raises: what can't be read is not there.

containers, png and heif find the blocks; exif, xmp and iptc read one each; kind says whether more than a still picture
is in the file. times, exposure, place and words read one fact of all of them, in this order of trust: the camera's
EXIF, then XMP, which every program since keeps, then IPTC, which was before it, then a PNG's own texts (Metadata
Working Group, Guidelines for Handling Image Metadata 2.0, chapter 5). Only stars are XMP's first, as they say there.
"""
