"""One walk per container: over its markers, chunks or blocks to the picture's end, without a decoder."""
