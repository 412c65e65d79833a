"""Searches that their owner keeps: by a name of their own each."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import SavedSearch
from gallery.organise.names import clean_name

MOST: Final = 200


def keep(owner: User, name: str, query: str) -> SavedSearch:
    """Keeps `query` under `name`. Raises Refusal where the name is none or taken, or there are MOST already."""
    name = clean_name(name)
    with transaction.atomic():
        _free(owner, name)
        if SavedSearch.objects.visible_to(owner).count() >= MOST:
            sentence = _("You keep %(most)d searches already. Forget one that you no longer need.")
            raise Refusal("too_many_searches", sentence % {"most": MOST}, 422)
        kept: SavedSearch = SavedSearch.objects.create(owner=owner, name=name, query=query)
    return kept


def rename(search: SavedSearch, name: str) -> None:
    """Raises Refusal where the name is none, or another search of the owner is called so."""
    name = clean_name(name)
    if name == search.name:
        return
    with transaction.atomic():
        _free(search.owner, name)
        search.name = name
        search.save(update_fields=["name"])


def _free(owner: User, name: str) -> None:
    """Whoever keeps one at the same time waits for this one's transaction."""
    User.objects.select_for_update().get(pk=owner.pk)
    taken = SavedSearch.objects.visible_to(owner).filter(name=name).first()
    if taken:
        sentence = _("You keep a search called “%(name)s” already: %(query)s. Choose another name.")
        raise Refusal("name_taken", sentence % {"name": name, "query": taken.query}, 409)
