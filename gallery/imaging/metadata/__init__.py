"""What stands in a file beside its picture: EXIF, XMP, IPTC, and what a PNG says in its own words.

All of it is somebody else's bytes. It is read in the process that decodes, without Pillow, from pieces of at most
MAX_BLOCK bytes, and nothing here raises: what can't be read is not there.

containers, png and heif find the blocks; exif, xmp and iptc read one each; kind says whether more than a still picture
is in the file. times, exposure, place and words read one fact of all of them, each by the order of trust that stands in
its table: the camera's EXIF, then XMP, which every program since keeps, then IPTC, which was before it (Metadata Working
Group, Guidelines for Handling Image Metadata 2.0, chapter 5).
"""
