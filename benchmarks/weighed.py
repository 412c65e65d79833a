"""How many bytes a photo and a label on it take in the database of the environment, which must be empty: the process
that `benchmarks.sizing` starts."""

import sys
from typing import Final

from django.db import connection

from benchmarks.search.collection import Library
from benchmarks.search.databases import ensure
from gallery.models import Detection, Photo

OWNERS: Final = 10
_LABELS: Final = "gallery_detection"
_WEIGHTS: Final = {
    "postgresql": "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
    " AND relname LIKE 'gallery%'",
    "sqlite": "SELECT m.tbl_name, SUM(d.pgsize) FROM dbstat d JOIN sqlite_master m ON m.name = d.name"
    " WHERE m.tbl_name LIKE 'gallery%' GROUP BY 1",
}


def main(photos: int) -> None:
    ensure("large", Library(photos, owners=OWNERS))
    with connection.cursor() as cursor:
        cursor.execute(_WEIGHTS[connection.vendor])
        weights = {str(table): int(size) for table, size in cursor.fetchall()}
    labels = Detection.objects.count()
    rest = sum(weights.values()) - weights[_LABELS]
    print(f"{connection.vendor}: {Photo.objects.count()} photos, {labels} labels on them, indexes included")
    print(f"  a label on a photo {weights[_LABELS] / labels:6.0f} bytes")
    each, whole = labels / photos, rest + weights[_LABELS]
    print(f"  a photo without    {rest / photos:6.0f} bytes, with its {each:.1f} labels {whole / photos:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
