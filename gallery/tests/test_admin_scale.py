"""No list of the admin reads, sorts or counts a whole table of which there may be a million rows.

The database is asked how it would answer each statement that a list sends: by an index, and without sorting more than
one owner's rows. What it would do with a million rows it says of three, if it may not think that three are few.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.models import Album, Analysis, Job, Photo, Run, Share, Spending
from gallery.tests.test_admin import address, fill, first_pages, office, root, seen

__all__ = ["office", "root"]
pytestmark = pytest.mark.usefixtures("plain_pages")
LARGE: list[type[Model]] = [Photo, Job, Analysis, Run, Share, Album, Spending, LogEntry]
TABLES = {model._meta.db_table for model in LARGE} | {
    "gallery_detection",
    "gallery_rendition",
    "gallery_verdict",
}
_WHOLE = r"Seq Scan on (?!accounts_)\w+|SCAN (?!subquery|accounts_)\w+$"
_SORTED = r"(?<!Presorted )Sort Key|USE TEMP B-TREE FOR (ORDER BY|DISTINCT)"


@pytest.fixture
def asked(office: Client, alice: User) -> Any:
    """Each statement that reads a large table while pages are opened."""
    fill(alice, 3)

    def ask(*pages: tuple[type[Model], dict[str, str]]) -> set[str]:
        with CaptureQueriesContext(connection) as captured:
            for model, query in pages:
                seen(office, address(model), **query)
        statements = {query["sql"] for query in captured.captured_queries}
        return {sql for sql in statements if sql.startswith("SELECT") and read_by(sql) & TABLES}

    return ask


def read_by(sql: str) -> set[str]:
    return set(re.findall(r'FROM "(\w+)"', sql))


def every_first_page(model: type[Model], owner: User) -> list[tuple[type[Model], dict[str, str]]]:
    pages: list[tuple[type[Model], dict[str, str]]] = [(model, query) for query in first_pages(model, owner)]
    pages += [(model, {"q": owner.email}), (model, {"q": "b140621f-7810-4905-8879-ce7532bc9a42"})]
    if model is Job:
        pages += [(model, {"state": state}) for state in ("waiting", "failed", "skipped", "done")]
        pages += [(model, {"state": state, "step": "labels"}) for state in ("waiting", "failed", "skipped")]
    if model is Photo:
        pages += [(model, {"processing": "failed"}), (model, {"trash": "yes"})]
    if model is Spending:
        pages += [(model, {"q": "2024-06"})]
    if model is LogEntry:
        pages += [
            (model, {"days": "7"}),
            (model, {"kind": "gallery.photo"}),
            (model, {"action_flag__exact": "1"}),
        ]
    return pages


@pytest.mark.parametrize("model", LARGE)
def test_nothing_is_counted_to_its_end(asked: Any, alice: User, model: type[Model]) -> None:
    counted = [sql for sql in asked(*every_first_page(model, alice)) if sql.startswith("SELECT COUNT(")]
    assert counted
    assert [sql for sql in counted if " LIMIT " not in sql] == []


@pytest.mark.parametrize("model", LARGE)
def test_no_list_reads_or_sorts_a_whole_table(asked: Any, alice: User, model: type[Model]) -> None:
    with large_tables():
        for sql in asked(*every_first_page(model, alice)):
            plan = plan_of(sql)
            if not ends_soon(sql):
                assert not re.search(_WHOLE, plan, re.MULTILINE), (sql, plan)
            if " WHERE " not in sql:
                assert not re.search(_SORTED, plan), (sql, plan)


def ends_soon(sql: str) -> bool:
    """It takes the rows as they lie, and most of them: those that are done, or any."""
    where = sql.partition(" WHERE ")[2].partition(" ORDER BY ")[0].partition(" LIMIT ")[0]
    return not where or bool(re.search(r"state. = .?'?done", where))


@contextmanager
def large_tables() -> Iterator[None]:
    """PostgreSQL reads a small table whole, if it may."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    yield


def plan_of(sql: str) -> str:
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which walks two indexes at once in this way alone
            cursor.execute(f"SET LOCAL enable_bitmapscan = {'on' if ' OR ' in sql else 'off'}")
        cursor.execute(f"{explain} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.parametrize("model", LARGE)
def test_large_lists_offer_no_columns_to_sort_by_and_no_counts_beside_filters(model: type[Model]) -> None:
    shown = admin.site._registry[model]
    assert shown.sortable_by == ()
    assert shown.show_facets == admin.ShowFacets.NEVER
    assert shown.show_full_result_count is False
    assert shown.date_hierarchy is None


def test_users_open_by_their_address_and_are_counted_no_further_than_they_must(
    office: Client, alice: User
) -> None:
    fill(alice, 3)
    with CaptureQueriesContext(connection) as captured:
        seen(office, address(User), _facets="True")
    of_users = [one["sql"] for one in captured.captured_queries if 'FROM "accounts_user"' in one["sql"]]
    assert [sql for sql in of_users if sql.startswith("SELECT COUNT(") and " LIMIT " not in sql] == []
    with large_tables():
        for sql in of_users:
            assert not re.search(_SORTED, plan_of(sql)), sql
