"""Captions of many photos at once: said, added to, undone; what is searched follows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from gallery.models import Photo, PhotoText
from gallery.organise import captions, changes
from gallery.organise import photos as organise
from gallery.tests.collection import make_library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def said(photo: Photo) -> str:
    return Photo.objects.get(pk=photo.pk).caption


def test_all_of_them_say_it_and_searches_find_it(alice: User) -> None:
    one, two = make_library(alice, 2)
    organise.edit(two, caption="Before")
    assert captions.say(alice.pk, [one.pk, two.pk], " Lisbon \r\n").changed == 2
    assert (said(one), said(two)) == ("Lisbon", "Lisbon")
    assert PhotoText.objects.filter(folded__contains="lisbon").count() == 2
    assert not PhotoText.objects.filter(folded__contains="before").exists()


def test_it_is_added_behind_what_is_there(alice: User) -> None:
    one, two = make_library(alice, 2)
    organise.edit(one, caption="Tram 28")
    captions.add(alice.pk, [one.pk, two.pk], "Lisbon")
    assert (said(one), said(two)) == ("Tram 28 Lisbon", "Lisbon")


def test_what_would_become_too_long_stays(alice: User) -> None:
    (photo,) = make_library(alice, 1)
    organise.edit(photo, caption="a" * 1995)
    assert captions.add(alice.pk, [photo.pk], "Lisbon").changed == 0
    assert said(photo) == "a" * 1995


def test_undo_leaves_alone_what_was_said_since(alice: User) -> None:
    one, two = make_library(alice, 2)
    organise.edit(one, caption="Before")
    done = captions.say(alice.pk, [one.pk, two.pk], "Lisbon")
    organise.edit(Photo.objects.get(pk=two.pk), caption="Porto")
    assert changes.undo(alice.pk, done.change.pk) == 1
    assert (said(one), said(two)) == ("Before", "Porto")
    assert PhotoText.objects.filter(folded__contains="before").count() == 1


def test_words_that_were_read_on_it_stay_to_be_found(alice: User) -> None:
    (photo,) = make_library(alice, 1)
    photo.lines.create(text="INVOICE 42", confidence=99, left=0, top=0, width=0.1, height=0.1)
    captions.say(alice.pk, [photo.pk], "Paper")
    assert PhotoText.objects.get(photo=photo).folded == "photo 0.jpg\npaper\ninvoice 42"


def test_somebody_elses_stay_as_they_are(alice: User, bob: User) -> None:
    (theirs,) = make_library(bob, 1)
    assert captions.say(alice.pk, [theirs.pk], "Mine").changed == 0
    assert said(theirs) == ""


def test_as_many_statements_for_many_as_for_few(alice: User) -> None:
    def statements(count: int) -> int:
        photos = make_library(alice, count)
        with CaptureQueriesContext(connection) as asked:
            captions.say(alice.pk, [photo.pk for photo in photos], f"{count}")
        return len(asked)

    assert statements(2) == statements(20)


def test_a_page_asks_what_they_show(member: Client, alice: User) -> None:
    one, two = make_library(alice, 2)
    picked = {"photo": [str(one.pk), str(two.pk)], "next": reverse("favourites")}
    address = reverse("selection_caption")
    assert "What do the 2 photos show?" in member.post(address, picked).content.decode()
    empty = member.post(address, {**picked, "how": "add", "caption": " "})
    assert empty.status_code == 422
    assert "Write what is to be added." in empty.content.decode()
    page = member.post(address, {**picked, "how": "add", "caption": "Lisbon"}, follow=True).content.decode()
    assert "2 photos have another caption." in page
    assert "/undo/" in page
    assert (said(one), said(two)) == ("Lisbon", "Lisbon")
