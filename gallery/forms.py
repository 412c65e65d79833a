"""What people send about photos."""

from datetime import UTC, date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.imaging.formats import FORMATS, RAWS
from gallery.models import Album

# Some systems know the names of such files only, and not what is in them.
_BY_NAME = (".heic", ".heif", ".tif", ".tiff", *(f".{known.extension}" for known in RAWS))
ACCEPTED = ",".join([*(known.content_type for known in FORMATS), *_BY_NAME])
_LAST = date(9998, 12, 31)  # a month has to have one after it


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of files. Each is judged on its own later, so that one bad file does not hold up the others."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    photos = PhotosField(
        label=_("Photos"),
        allow_empty_file=True,
        max_length=None,
        widget=SeveralFiles(attrs={"accept": ACCEPTED, "required": True, "data-send-at-once": True}),
        error_messages={"required": _("Choose at least one photo.")},
    )


class CaptionForm(forms.Form):
    caption = forms.CharField(
        label=_("Caption"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("Say what it shows")}),
    )


class JumpForm(forms.Form):
    """A month to jump to, as "2024-06"."""

    month = forms.DateField(input_formats=["%Y-%m"], validators=[MaxValueValidator(_LAST)])


class StretchForm(JumpForm):
    """A place in the timeline: so many photos into a month."""

    skip = forms.IntegerField(min_value=0, max_value=10_000_000)


class ConfidenceForm(forms.Form):
    """How sure a label has to be, 0 to 100."""

    min_confidence = forms.FloatField(required=False, min_value=0, max_value=100)


class VerdictForm(forms.Form):
    """What somebody says about a label: `state` none takes an earlier word back."""

    name = forms.CharField(max_length=100)
    state = forms.ChoiceField(choices=[("confirmed", ""), ("rejected", ""), ("none", "")])
    kind = forms.ChoiceField(
        required=False, choices=[(kind, "") for kind in ("label", "celebrity", "moderation")]
    )


class AlbumForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class AlbumEditForm(AlbumForm):
    order = forms.ChoiceField(label=_("Order"), choices=Album.Order.choices)


class KeepForm(forms.Form):
    """A search to be kept. Without a name its own words are its name."""

    q = forms.CharField(label=_("Search"), max_length=1000)
    name = forms.CharField(label=_("Name"), max_length=100, required=False)

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or str(self.cleaned_data.get("q", ""))[:100].strip()


class ThresholdForm(forms.Form):
    """From which confidence on a photo's page shows labels, in whole per cent."""

    least = forms.IntegerField(min_value=0, max_value=100)


class ShareForm(forms.Form):
    """How an album or a photo is shared by a link."""

    days = forms.TypedChoiceField(
        label=_("The link ends"),
        coerce=int,
        choices=[(7, _("in a week")), (30, _("in a month")), (365, _("in a year")), (0, _("when I end it"))],
        initial=30,
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=100,
        strip=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Who has the link is asked for it, too. Leave it empty for none."),
    )
    allow_download = forms.BooleanField(label=_("Pictures may be downloaded"), required=False, initial=True)
    show_labels = forms.BooleanField(label=_("Show labels"), required=False)


class WallClockField(forms.DateTimeField):
    """A time on the clock of wherever it was, as if that were UTC: the reader's own time zone does not matter."""

    def to_python(self, value: Any) -> Any:
        with timezone.override(UTC):
            return super().to_python(value)


class DatesForm(forms.Form):
    """When photos were taken: all of them then, or each so much later, or earlier where it is negative."""

    taken = WallClockField(
        label=_("All of them were taken on"),
        required=False,
        widget=forms.DateTimeInput(
            {"type": "datetime-local", "min": "1826-01-01T00:00", "max": "9998-12-31T23:59"}
        ),
    )
    days = forms.IntegerField(
        label=_("Days"), required=False, min_value=-100_000, max_value=100_000, initial=0
    )
    hours = forms.IntegerField(label=_("Hours"), required=False, min_value=-1000, max_value=1000, initial=0)
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=-1000, max_value=1000, initial=0
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        by = timedelta(**{name: said.get(name) or 0 for name in ("days", "hours", "minutes")})
        if not self.errors and bool(said.get("taken")) == bool(by):
            raise forms.ValidationError(_("Say a date, or by how much the clock was wrong; not both."))
        return {**said, "by": by}


class CaptionsForm(forms.Form):
    """What many photos show: said anew of all, or added to what each says."""

    how = forms.ChoiceField(
        label=_("What becomes of the captions that are there"),
        choices=[("add", _("They stay; this comes behind them")), ("say", _("They are replaced"))],
        initial="add",
    )
    caption = forms.CharField(
        label=_("Caption"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Left empty, replacing takes the captions away."),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("how") == "add" and not self.errors and not said["caption"]:
            self.add_error("caption", _("Write what is to be added."))
        return said
