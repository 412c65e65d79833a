"""What is asked of a photo only where its owner switched it on, and the site offers it; and what each costs."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.labelling.prices import price_usd
from gallery.models import Extra, Job
from gallery.pipeline.operations.labels import PROPERTIES
from gallery.pipeline.steps import LABELS, STEPS, Step

NOT_WANTED: Final = "This is switched off in your account."


@dataclasses.dataclass(frozen=True)
class Option:
    """`step`: the one that brings it. `feature`: asked for with that step's call, and billed on top of it."""

    name: str
    title: Promise
    about: Promise
    step: Step
    feature: str = ""

    @property
    def price_usd(self) -> Decimal:
        """US dollars for each photo."""
        return price_usd(self.feature or self.step.operation)


_PROPERTIES: Final = Option(
    "properties",
    _("Colours and quality"),
    _("Brightness, sharpness, contrast and the main colours of each photo. Told along with its labels."),
    LABELS,
    PROPERTIES,
)
OPTIONS: Final = {
    option.name: option
    for option in (
        _PROPERTIES,
        *(Option(step.name, step.title, step.about, step) for step in STEPS.values() if step.about),
    )
}


def offered() -> list[Option]:
    """What this site lets its users switch on."""
    return [option for option in OPTIONS.values() if option.name in settings.RECOGNITION_OPTIONS]


def switched_on(owner_id: UUID) -> set[str]:
    """The names of the options that are on for this user's photos."""
    names = Extra.objects.filter(owner=owner_id).values_list("name", flat=True)
    return {name for name in names if name in settings.RECOGNITION_OPTIONS}


def switch(user: User, names: Collection[str]) -> None:
    """These are on from now on and no others; what the site does not offer now stays as it was."""
    known = [option.name for option in offered()]
    wanted = [Extra(owner=user, name=name) for name in known if name in names]
    with transaction.atomic():
        off = [name for name in known if name not in names]
        Extra.objects.filter(owner=user, name__in=off).delete()
        unwanted = Job.objects.visible_to(user).waiting().filter(step__in=off, run=None, lease_token=None)
        unwanted.update(state=Job.State.SKIPPED, reason=NOT_WANTED, finished_at=timezone.now())
        Extra.objects.bulk_create(wanted, ignore_conflicts=True)


def steps_for(owner_id: UUID) -> list[Step]:
    """What a new photo of this user goes through, in order."""
    on = switched_on(owner_id)
    return [step for step in STEPS.values() if not step.optional or step.name in on]


def features_of(owner_ids: Collection[UUID], operation: str) -> dict[UUID, list[str]]:
    """`features_for` of many users: those with any."""
    priced = {
        option.name: option.feature
        for option in offered()
        if option.feature and option.step.operation == operation
    }
    found: dict[UUID, list[str]] = defaultdict(list)
    for owner, name in Extra.objects.filter(owner__in=owner_ids, name__in=priced).values_list(
        "owner", "name"
    ):
        found[owner].append(priced[name])
    return found


def features_for(owner_id: UUID, step: Step) -> tuple[str, ...]:
    """The priced features that this user's photos are asked for together with this step's operation."""
    featured = [option for option in OPTIONS.values() if option.feature and option.step is step]
    if not featured:
        return ()
    on = switched_on(owner_id)
    return tuple(option.feature for option in featured if option.name in on)
