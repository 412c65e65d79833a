"""The whole site as its users start it, and everything that we could think of to break it."""
