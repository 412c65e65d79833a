"""How many photos come in at once: from folders, from zip files, and from Google Takeout with what was said there."""
