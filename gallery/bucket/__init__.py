"""The bucket as a whole: whether it is there, open to us and set up as it must be; and making it.

What is asked of AWS to find out changes nothing and costs next to nothing: a read of a key that is never
written, a put whose checksum can't match, lists of one entry.
"""

from gallery.bucket.access import ROLES, start_problems
from gallery.bucket.check import check_bucket
from gallery.bucket.setup import make_bucket, settings_problems
from gallery.bucket.words import BucketTrouble, Problem

__all__ = [
    "ROLES",
    "BucketTrouble",
    "Problem",
    "check_bucket",
    "make_bucket",
    "settings_problems",
    "start_problems",
]
