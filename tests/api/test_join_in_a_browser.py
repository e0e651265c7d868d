"""A person opens the link of an invitation in a real browser, against the real server."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.browser import MISSING, browsing
from tests.api.caller import basic, claims_of
from tests.clients.front import front
from tests.clients.serving import Estate, estate, invited_now
from tests.store.house import settings_edit
from tests.store.test_configuration import parsed

if MISSING:
    pytest.skip(MISSING, allow_module_level=True)

# It takes a while to import, and few machines have a browser.
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

LONGEST = 20
PREFIX = "/clearml/api"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Estate]:
    """A workspace that is served behind a proxy, where the API URL and the links lead."""
    with estate(tmp_path / "estate") as made, front(made.url, PREFIX) as proxy:
        made.admin.edit_settings(settings_edit(made.admin, api_url=proxy.url + PREFIX))
        yield made


def wait_for_heading(browser: Chrome, heading: str) -> None:
    """Wait until a page with this heading is there."""
    WebDriverWait(browser, LONGEST).until(lambda _: heading_of(browser) == heading)


def heading_of(browser: Chrome) -> str:
    """The heading of the page, or "" where there is none yet."""
    return "".join(one.text for one in browser.find_elements(By.TAG_NAME, "h1"))


def text_of(browser: Chrome, key: str) -> str:
    """What an element holds, be it in sight or not."""
    return browser.find_element(By.ID, key).get_attribute("textContent") or ""


def test_somebody_joins_by_a_link_and_signs_in_with_what_they_read(
    served: Estate, tmp_path: Path
) -> None:
    link = invited_now(served, "Pia Paw")
    with browsing(tmp_path) as browser:
        browser.get(link.link)
        wait_for_heading(browser, "Join Acme")
        words = browser.find_element(By.TAG_NAME, "main").text
        assert "Ada Lindqvist invites you, pia@acme.example, to the" in words
        field = browser.find_element(By.ID, "name")
        assert field.accessible_name == "Your name"
        assert field.get_attribute("value") == "Pia Paw"
        # The policy lets the style of the page through, and nothing was refused.
        assert field.value_of_css_property("border-radius") == "6px"
        field.clear()
        field.send_keys("Pia Ping")
        browser.find_element(By.TAG_NAME, "button").click()

        wait_for_heading(browser, "You have joined Acme")
        section = text_of(browser, "section")
        assert browser.find_element(By.ID, "section").text == section.rstrip("\n")
        assert not browser.find_element(By.ID, "shell").is_displayed()
        browser.find_element(By.ID, "shell-heading").click()
        assert browser.find_element(By.ID, "shell").is_displayed()
        *urls, access_key, secret_key = parsed(section)
        assert link.link.startswith(f"{urls[1]}/join/")
        asked = urllib.request.Request(
            f"{urls[1]}/auth.login", headers={"Authorization": basic(access_key, secret_key)}
        )
        with urllib.request.urlopen(asked, timeout=LONGEST) as answer:
            identity = claims_of(json.load(answer)["data"]["token"])["identity"]
        assert (identity["user"], identity["user_name"]) == (link.user, "Pia Ping")

        # Loaded anew, the form is sent again.
        browser.refresh()
        wait_for_heading(browser, "This link has been used")
        browser.get(link.link)
        wait_for_heading(browser, "This link has been used")
        assert secret_key not in browser.page_source
        entries = browser.get_log("browser")  # type: ignore[no-untyped-call]
        said = [str(entry["message"]) for entry in entries]
    assert not [message for message in said if "Content Security Policy" in message]
    row = served.seen_anew().user_row(link.user)
    assert (row.called, row.status, row.link_expires_at) == ("Pia Ping", "Active", None)
    assert secret_key not in "".join(served.lines)
    assert link.link.rpartition("/")[2] not in "".join(served.lines)


def test_a_browser_asks_for_a_name_where_the_invitation_gave_none(
    served: Estate, tmp_path: Path
) -> None:
    link = invited_now(served, "")
    with browsing(tmp_path, (360, 640)) as browser:
        browser.get(link.link)
        wait_for_heading(browser, "Join Acme")
        browser.find_element(By.TAG_NAME, "button").click()
        assert heading_of(browser) == "Join Acme"
        # What a browser lets through, the server refuses, at the field.
        browser.find_element(By.ID, "name").send_keys("   ")
        browser.find_element(By.TAG_NAME, "button").click()
        WebDriverWait(browser, LONGEST).until(
            lambda _: browser.find_elements(By.ID, "name-problem")
        )
        assert "must not be empty" in text_of(browser, "name-problem")
        assert served.seen_anew().user_row(link.user).status == "Pending"
        browser.find_element(By.ID, "name").send_keys("Pia")
        browser.find_element(By.TAG_NAME, "button").click()
        wait_for_heading(browser, "You have joined Acme")
        # Nothing is wider than a phone but what can be scrolled by itself.
        page = browser.find_element(By.TAG_NAME, "html")
        assert int(page.get_attribute("scrollWidth") or 0) <= page.size["width"]
