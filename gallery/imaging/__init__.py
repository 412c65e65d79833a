"""Bytes in, facts and bytes out. No Django, no rows, no network.

In the web request: formats (which file this is), walks (over its structure), inspect (both, and the pixel cap).
In a worker: darkroom (the parent's side) and child (the process that decodes): decode, colour, render, thumbhash,
phash; metadata and facts; wire between the two; limits for the child. For both: errors, specs; analysis for labelling.
Only decode, colour, render, thumbhash, phash and child load Pillow, so that the web processes need not.
"""
