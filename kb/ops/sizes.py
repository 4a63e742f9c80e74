"""Sizes as people read them."""


def megabytes(size: int) -> str:
    """A size in words: "0,4 MB", "12,5 GB"."""
    number, unit = (size / 1e9, "GB") if size >= 1e9 else (size / 1e6, "MB")
    return f"{number:.1f} {unit}".replace(".", ",")
