"""The Label rows behind names: found, made where they are new, kept as machines last told of them.

Rows are made and locked in the order of their names, so that two writers never wait for each other.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from gallery.folding import fold
from gallery.labelling.answer import FoundLabel
from gallery.labelling.standing import Key
from gallery.models import Label, LabelName, by_hand

_WORDS = ("name", "aliases", "parents", "categories", "links")


def ensure(wanted: Mapping[Key, str], told: Mapping[Key, FoundLabel]) -> dict[Key, Label]:
    """The rows of {key: name}, as many statements however many. What a machine `told` of a term replaces the old."""
    known = _known(wanted)
    if missing := sorted(wanted.keys() - known.keys()):
        Label.objects.bulk_create(
            [Label.of(wanted[key], key[1], **_words(told.get(key))) for key in missing], ignore_conflicts=True
        )
        made = _known(missing)
        _name(made.values())
        known |= made
    _refresh({key: item for key, item in told.items() if _is_news(known[key], item)}, known)
    return known


def _known(keys: Iterable[Key]) -> dict[Key, Label]:
    rows = by_hand.labels_called({folded for folded, _ in keys})
    return {(row.folded, row.kind): row for row in rows}


def _words(item: FoundLabel | None) -> dict[str, Any]:
    """What a machine tells of a term; its spelling, too, wins over that of whoever wrote it first."""
    if item is None:
        return {}
    return {name: list(getattr(item, name)) for name in _WORDS if name != "name"}


def _is_news(label: Label, item: FoundLabel) -> bool:
    return label.name != item.name or any(
        getattr(label, name) != value for name, value in _words(item).items()
    )


def _refresh(news: Mapping[Key, FoundLabel], known: Mapping[Key, Label]) -> None:
    if not news:
        return
    labels = {known[key].pk: (known[key], item) for key, item in news.items()}
    list(Label.objects.select_for_update(no_key=True).filter(pk__in=labels).order_by("folded", "kind"))
    for label, item in labels.values():
        label.name = item.name
        for name, value in _words(item).items():
            setattr(label, name, value)
    Label.objects.bulk_update([label for label, _ in labels.values()], _WORDS, batch_size=200)
    _name(label for label, _ in labels.values())


def _name(labels: Iterable[Label]) -> None:
    """What each of them answers to. An alias that is no longer told stays: somebody may search for it."""
    names = {
        (label.pk, name) for label in labels for name in (label.folded, *map(fold, label.aliases)) if name
    }
    LabelName.objects.bulk_create(
        [LabelName(label_id=label, folded=folded) for label, folded in sorted(names)], ignore_conflicts=True
    )
