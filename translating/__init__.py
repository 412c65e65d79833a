"""Catalogs of messages: collected from the sources, kept in locale/, compiled. Needs no gettext programs."""
