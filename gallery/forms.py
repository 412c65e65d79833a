"""What people send about photos."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

ACCEPTED = "image/jpeg,image/png,image/webp,image/gif"
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
        widget=SeveralFiles(attrs={"accept": ACCEPTED, "required": True}),
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


class ConfidenceForm(forms.Form):
    """How sure a label has to be, 0 to 100."""

    min_confidence = forms.FloatField(required=False, min_value=0, max_value=100)
