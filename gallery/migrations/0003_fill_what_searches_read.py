"""Fills, on a site that has photos already, the copies, names, categories and counters that searches read."""

from collections import Counter

from django.db import migrations

from gallery.folding import fold

SHOWN = 80  # as in settings.SHOWN_CONFIDENCE when this was written


def fill(apps, schema_editor):
    model = {name: apps.get_model("gallery", name) for name in (
        "Analysis", "Detection", "Job", "Label", "LabelName", "OwnerLabel", "OwnerMonth", "Photo", "PhotoText", "Spending",
    )}
    _name_labels(model["Label"], model["LabelName"])
    _copy_to_detections(model["Photo"], model["Detection"])
    _add_categories(model["Label"], model["Detection"])
    _count(model["Photo"], model["Label"], model["Detection"], model["OwnerLabel"], model["OwnerMonth"])
    for photo in model["Photo"].objects.iterator():
        model["PhotoText"].objects.create(
            photo=photo, owner_id=photo.owner_id, taken_local=photo.taken_local,
            folded="\n".join(" ".join(fold(line) for line in part.splitlines()) for part in (photo.filename, photo.caption)),
        )
    for job in model["Job"].objects.iterator():
        model["Job"].objects.filter(pk=job.pk).update(turn=job.pk)
    _sum_up(model["Analysis"], model["Spending"])


def _name_labels(labels, names):
    taken = set()
    for label in labels.objects.order_by("pk"):
        folded = fold(label.name) or str(label.pk)
        folded = folded if folded not in taken else f"{folded} {label.pk}"
        taken.add(folded)
        labels.objects.filter(pk=label.pk).update(folded=folded)
        answers_to = {folded, *(fold(alias) for alias in label.aliases)} - {""}
        names.objects.bulk_create(names(label_id=label.pk, folded=name) for name in sorted(answers_to))


def _copy_to_detections(photos, detections):
    for photo in photos.objects.iterator():
        for found in detections.objects.filter(photo=photo):
            found.certainty, found.trashed = found.confidence, photo.trashed_at is not None
            found.save(update_fields=["certainty", "trashed"])


def _add_categories(labels, detections):
    rows = {}
    found = detections.objects.select_related("label").order_by("photo_id")
    wanted = {}
    for detection in found.iterator():
        for name in detection.label.categories:
            if name not in rows:
                rows[name], _ = labels.objects.get_or_create(folded=fold(name), kind="category", defaults={"name": name})
                rows[name].names.get_or_create(folded=fold(name))
            key = (detection.photo_id, rows[name].pk)
            if key not in wanted or wanted[key].confidence < detection.confidence:
                wanted[key] = detections(
                    photo_id=detection.photo_id, label_id=rows[name].pk, owner_id=detection.owner_id,
                    taken_local=detection.taken_local, trashed=detection.trashed, confidence=detection.confidence,
                    certainty=detection.confidence, implied=True, model_version=detection.model_version,
                )
    detections.objects.bulk_create(wanted.values(), batch_size=500)


def _count(photos, labels, detections, owner_labels, owner_months):
    owner_labels.objects.all().delete()
    every, shown, months = Counter(), Counter(), Counter()
    for owner, label, certainty in detections.objects.filter(trashed=False).values_list(
        "owner_id", "label_id", "certainty"
    ).iterator():
        every[owner, label] += 1
        shown[owner, label] += certainty >= SHOWN
    words = {label.pk: label for label in labels.objects.all()}
    owner_labels.objects.bulk_create(
        (
            owner_labels(owner_id=owner, label_id=label, kind=words[label].kind, folded=words[label].folded,
                         photos=count, shown=shown[owner, label])
            for (owner, label), count in every.items()
        ),
        batch_size=500,
    )
    for owner, taken in photos.objects.filter(trashed_at=None).values_list("owner_id", "taken_local").iterator():
        months[owner, f"{taken:%Y-%m}"] += 1
    owner_months.objects.bulk_create(
        (owner_months(owner_id=owner, month=month, photos=count) for (owner, month), count in months.items()),
        batch_size=500,
    )


def _sum_up(analyses, spendings):
    calls, micro = Counter(), Counter()
    for analysis in analyses.objects.exclude(state="refused").iterator():
        for scope in ("", analysis.owner_id.hex):
            key = (scope, f"{analysis.sent_at:%Y-%m}")
            calls[key] += 1
            micro[key] += round(analysis.cost_usd * 1_000_000)
    spendings.objects.bulk_create(
        spendings(scope=scope, month=month, calls=count, micro_usd=micro[scope, month])
        for (scope, month), count in calls.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("gallery", "0002_labels_people_can_trust"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
