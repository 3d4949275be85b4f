"""Tools of the source tree; not part of the wheel."""
