"""Every page of the site, and who goes there."""

import dataclasses
from typing import Final, Literal

from tests.browser.collection import Library

Who = Literal["nobody", "owner", "staff"]


@dataclasses.dataclass(frozen=True)
class Place:
    """`path` may name {cat}, {trashed} and {broken}: photos of the owner; {album}; {run}, a
    bulk run on them; {shared} and {locked}: links to the album, without and with a password."""

    path: str
    who: Who = "owner"
    status: int = 200

    def __str__(self) -> str:
        return f"{self.path or 'home'} {self.who}"

    def of(self, library: Library) -> str:
        return self.path.format(**dataclasses.asdict(library))


PAGES: Final = (
    Place("/", "nobody"),
    Place("/accounts/login/", "nobody"),
    Place("/accounts/signup/", "nobody"),
    Place("/accounts/password/reset/", "nobody"),
    Place("/accounts/password/reset/done/", "nobody"),
    Place("/accounts/password/reset/key/abc-def/", "nobody"),
    Place("/accounts/password/reset/key/done/", "nobody"),
    Place("/accounts/confirm-email/", "nobody"),
    Place("/accounts/confirm-email/no-such-key/", "nobody"),
    Place("/accounts/inactive/", "nobody"),
    Place("/no/such/page/", "nobody", 404),
    Place("/"),
    Place("/?month=2001-01"),
    Place("/upload/"),
    Place("/samples/"),
    Place("/favourites/"),
    Place("/archive/"),
    Place("/duplicates/"),
    Place("/albums/"),
    Place("/albums/{album}/"),
    Place("/albums/{album}/share/"),
    Place("/photos/{cat}/share/"),
    Place("/shares/"),
    Place("{shared}", "nobody"),
    Place("{shared}{cat}/", "nobody"),
    Place("{locked}", "nobody"),
    Place("/s/nothing/", "nobody", 404),
    Place("/memories/"),
    Place("/map/"),
    Place("/map/?box=2,48,3,49"),
    Place("/labels/"),
    Place("/search/"),
    Place("/search/?label=Cat"),
    Place("/search/?q=animal+-dog+confidence%3A%3E%3D55"),
    Place("/search/?label=Dog"),
    Place("/search/?q=cat+(dog", status=422),
    Place("/search/verdict/?q=Cat&state=rejected"),
    Place("/searches/"),
    Place("/shortcuts/"),
    Place("/runs/"),
    Place("/runs/{run}/"),
    Place("/activity/"),
    Place("/usage/"),
    Place("/recognition/"),
    Place("/trash/"),
    Place("/trash/empty/"),
    Place("/photos/{cat}/"),
    Place("/photos/{trashed}/"),
    Place("/photos/{broken}/"),
    Place("/photos/{trashed}/delete/"),
    Place("/photos/00000000-0000-4000-8000-000000000000/", status=404),
    Place("/accounts/settings/"),
    Place("/accounts/email/"),
    Place("/accounts/password/change/"),
    Place("/accounts/reauthenticate/"),
    Place("/accounts/logout/"),
)
# Pages that are not ours to design: Django's admin and the page to try the API.
BORROWED: Final = (
    Place("/admin/login/", "nobody"),
    Place("/admin/", "staff"),
    Place("/admin/gallery/job/queue/", "staff"),
    Place("/admin/gallery/job/failures/", "staff"),
    Place("/admin/gallery/photo/{cat}/larger/", "staff"),
    Place("/admin/no/such/page/", "staff", 404),
    Place("/admin/password_change/", "staff"),
    Place("/api/v1/docs", "owner"),
)
# Names of addresses that are no page to look at: they take a form, or lead elsewhere.
NO_PAGES: Final = {
    *(
        "selection",
        "selection_album",
        "selection_dates",
        "selection_caption",
        "album_move",
        "selection_download",
        "share_end",
        "shared_picture",
        "shared_download",
        "album_download",
        "album_delete",
        "album_cover",
        "album_take_out",
    ),
    *("upload_labels", "recognition_earlier", "samples_remove", "account_language", "visitor_language"),
    *("run_pause", "run_resume", "run_stop", "run_roll_back"),
    *(
        "manifest",
        "map_points",
        "map_photo",
        "palette",
        "search_complete",
        "search_rename",
        "search_forget",
        "change_undo",
    ),
    *(
        "photo_labels",
        "photo_caption",
        "photo_favourite",
        "photo_original",
        "photo_picture",
        "search_cover",
        "photo_turn",
        "photo_archive",
        "photo_trash",
        "photo_restore",
        "photo_retry",
        "activity_retry",
    ),
    *(
        "account_set_password",
        "account_confirm_login_code",
    ),  # for accounts without a password, for codes by mail
}
