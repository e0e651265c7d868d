"""A real browser without a window, where this machine has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selenium import webdriver

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing is asked of other machines, not even a name.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_NO_SCRIPTS = {"profile.managed_default_content_settings.javascript": 2}

BROWSER = next(filter(None, map(shutil.which, _BROWSERS)), None)
DRIVER = shutil.which("chromedriver")
MISSING = f"no {' or '.join(_BROWSERS)}" if BROWSER is None else "" if DRIVER else "no chromedriver"


@contextmanager
def browsing(folder: Path, size: tuple[int, int] = (1000, 900)) -> Iterator[webdriver.Chrome]:
    """A browser that runs no scripts, for as long as the block.

    Args:
        folder: An empty folder, for all that it writes.
        size: The width and height of its window.
    """
    # Late, for it takes a while, and few machines have a browser.
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (*_FLAGS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    options.add_argument(f"--window-size={size[0]},{size[1]}")
    options.add_experimental_option("prefs", _NO_SCRIPTS)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # It listens on a socket there, whose path must be short.
    with TemporaryDirectory(ignore_cleanup_errors=True) as temp:
        home = {"HOME": str(folder), "TMPDIR": temp, "PATH": os.environ["PATH"]}
        # Told where its driver is, it looks for none elsewhere.
        driver = webdriver.Chrome(options, Service(DRIVER, env=home))
        try:
            yield driver
        finally:
            driver.quit()
