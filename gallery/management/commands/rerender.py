"""Makes the smaller pictures of many photos anew. Costs nothing; the old ones are shown meanwhile."""

from typing import Any

from gallery.management.ordering import OrderCommand, choices
from gallery.pipeline.steps import RENDITIONS


class Command(OrderCommand):
    help = (
        "Makes facts and smaller pictures of photos anew, from the originals, at low priority beside new uploads. "
        "The old ones are shown until the new ones are there. Costs nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not self.steer(RENDITIONS.name, options):
            self.order(RENDITIONS.name, options, choices(options))
