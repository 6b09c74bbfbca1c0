"""Seeds of chance."""

import secrets


def new_seed() -> int:
    """A seed that nobody chose. Small enough that every reader of a record keeps it whole."""
    return secrets.randbits(53)
