"""Reads of this package, always through `visible`; pages and other packages get plain values."""
