"""The made-up flight, once a session."""

import pytest
from tests.console import made_up_report

from bongsu.console.demo_events import DemoEvent, DemoSetting
from bongsu.console.demo_report import DemoReport


@pytest.fixture(scope="session")
def report() -> DemoReport:
    return made_up_report.report()


@pytest.fixture(scope="session")
def setting() -> DemoSetting:
    return made_up_report.setting()


@pytest.fixture(scope="session")
def events() -> list[DemoEvent]:
    return made_up_report.events()
