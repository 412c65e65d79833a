"""Which steps a photo goes through, in order: data, and nothing else. Adding one is a module and a line here."""

import dataclasses
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.pipeline.operation import Operation
from gallery.pipeline.operations.celebrities import RECOGNIZE_CELEBRITIES
from gallery.pipeline.operations.faces import DETECT_FACES
from gallery.pipeline.operations.labels import DETECT_LABELS
from gallery.pipeline.operations.moderation import DETECT_MODERATION_LABELS
from gallery.pipeline.operations.text import DETECT_TEXT


@dataclasses.dataclass(frozen=True)
class Step:
    """`queue`: whose workers do it. `after`: the step whose result it needs. `asks`: the paid call it makes.

    One with `about` is optional: done for those who switched it on, having read what it is about.
    """

    name: str
    title: Promise
    queue: str
    after: str = ""
    asks: Operation | None = None
    about: Promise | None = None

    @property
    def operation(self) -> str:
        """The paid call's name, "" for a step that makes none."""
        return self.asks.name if self.asks else ""

    @property
    def optional(self) -> bool:
        return self.about is not None


def _option(name: str, title: Promise, asks: Operation, about: Promise) -> Step:
    """With a queue of its own: one step's many words must not stand before another's one."""
    return Step(name, title, name, RENDITIONS.name, asks, about)


RENDITIONS: Final = Step("renditions", _("Facts and smaller pictures"), queue="images")
LABELS: Final = Step("labels", _("Labels"), "labels", RENDITIONS.name, DETECT_LABELS)
_STEPS: Final = (
    RENDITIONS,
    LABELS,
    _option("faces", _("Faces"), DETECT_FACES,
            _("How many, where, and what shows: age, feelings, open eyes. Finds photos by has:people and is:portrait. "
              "Nobody is identified.")),
    _option("celebrities", _("Celebrities"), RECOGNIZE_CELEBRITIES,
            _("Names of well-known people, with links. They become labels that you can confirm or reject.")),
    _option("moderation", _("Content warnings"), DETECT_MODERATION_LABELS,
            _("Nudity, violence and the like. Such photos are veiled until you ask to see them.")),
    _option("text", _("Text"), DETECT_TEXT,
            _("Words and numbers that can be read on a photo. Finds photos by text:invoice.")),
)  # fmt: skip
STEPS: Final = {step.name: step for step in _STEPS}
PURGE_QUEUE: Final = "purge"


def following(name: str) -> list[Step]:
    """The steps that can begin when `name` is done."""
    return [step for step in STEPS.values() if step.after == name]
