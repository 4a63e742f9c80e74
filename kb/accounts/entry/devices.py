"""Words for a browser, so that people recognise their own sign-ins."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """For example "Firefox på Windows"; nothing of the rest is kept."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "Okänd webbläsare")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser} på {system}" if system else browser
