"""The site as people meet it: Debian's chromium in front, the whole real site behind."""
