"""Static files under hashed names, also inside the modules of the phone app."""

import re

from whitenoise.storage import CompressedManifestStaticFilesStorage

FOLDER = "app/"
# At the beginning of a line, so that types named in comments are left alone.
STATIC_IMPORT = (
    r'(?m)^(?P<matched>(?P<head>(?:import|export)\b(?:[^"\'`;]*?\bfrom)?\s*)'
    r'"(?P<url>\.{1,2}/[^"]+)")'
)
LAZY_IMPORT = r'(?P<matched>(?P<head>await import\()"(?P<url>\.{1,2}/[^"]+)")'
_WITH_HASH = '%(head)s"%(url)s"'


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Relative imports name their target by its hash, so a module may be cached for ever.

    Django's own patterns would look into every script of the site, and take a word of a text
    for a statement. A cycle of imports has no hash: collecting fails.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (f"{FOLDER}*.js", ((STATIC_IMPORT, _WITH_HASH), (LAZY_IMPORT, _WITH_HASH))),
    )
    # A module is named anew after those that it imports: as many rounds as the longest chain.
    max_post_process_passes = 16


def imports(source: str, pattern: str) -> list[str]:
    """The relative addresses that ``source`` imports by ``pattern``."""
    return [found["url"] for found in re.finditer(pattern, source)]
