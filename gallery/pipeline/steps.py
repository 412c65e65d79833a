"""Which steps a photo goes through, in order: data, and nothing else. Adding one is a module and a line here."""

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True)
class Step:
    """`queue`: whose workers do it. `after`: the step whose result it needs. `operation`: the paid call it makes."""

    name: str
    queue: str
    after: str = ""
    operation: str = ""


RENDITIONS: Final = Step("renditions", queue="images")
LABELS: Final = Step("labels", queue="labels", after="renditions", operation="DetectLabels")
STEPS: Final = {step.name: step for step in (RENDITIONS, LABELS)}
PURGE_QUEUE: Final = "purge"


def following(name: str) -> list[Step]:
    """The steps that can begin when `name` is done."""
    return [step for step in STEPS.values() if step.after == name]
