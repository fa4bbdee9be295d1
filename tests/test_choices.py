"""What stands in an address comes from anybody."""

import pytest

from visionquiz.choices import read_choices


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("check=spring&people=team%3ANorth%2FShop", {"check": "spring", "people": "team:North/Shop"}),
        ("people=a&people=b", {"people": "b"}),
        ("", {}),
        ("&&;=&%zz&people", {}),
        ("people=%ff%00", {"people": "\ufffd\0"}),
    ],
)
def test_choices_are_read_from_the_address(asked, found):
    assert read_choices({"QUERY_STRING": asked}) == found


def test_an_endless_address_is_read_in_part():
    assert len(str(read_choices({"QUERY_STRING": "x=1&" * 100_000}))) < 100
    assert len(read_choices({"QUERY_STRING": "people=" + "y" * 1_000_000})["people"]) < 2_000
    assert read_choices({}) == {}
