"""What is needed to have the site again when its database is lost: all rows of one moment, and the list of originals.

rows: every table as JSON lines that each of the databases can read. originals: what the bucket must have, and copies of
it. folder: how a backup lies on a disk, and how one sees that it is whole.
"""
