"""Numbers that point out a person. All numbers here are made up."""

import pytest

from kb.text.identity import find_identity_numbers, looks_like_identity_number, looks_like_phone


@pytest.mark.parametrize(
    "text",
    [
        "19900101-1234",
        "900101-1234",
        "900101+1234",
        "900101–1234",
        "199001011234",
        "9001011234",
        "900101 1234",
        "19900101 - 1234",
        "1990 01 01-1234",
        "1990-01-01-1234",
        "900161-1234",
        "19900191-1234",
        "900101-TF12",
        "19900101TF12",
        "900101-R123",
        "Klienten (19900101-1234) ringde.",
        "pnr:900101-1234.",
        "811218\u00a09876",
    ],
)
def test_an_identity_number_is_found_however_it_is_written(text):
    assert looks_like_identity_number(text)
    assert len(find_identity_numbers(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "20261121",
        "2026-11-21 14:30",
        "556036-0793",
        "901301-1234",
        "900132-1234",
        "900101-12345",
        "1900101-1234",
        "0701234567",
        "010-456 70 00",
        "SoL 2025:400",
        "diarienummer 2026/1234",
        "10 000 000 kr",
        "112",
        "",
    ],
)
def test_dates_telephones_and_case_numbers_are_not_identity_numbers(text):
    assert not looks_like_identity_number(text)
    assert find_identity_numbers(text) == []


def test_all_numbers_are_given_as_written():
    assert find_identity_numbers("a 900101-1234, b 19811218 9876 c") == ["900101-1234", "19811218 9876"]


@pytest.mark.parametrize(
    "text",
    [
        "070-123 45 67",
        "0701234567",
        "070 - 123 45 67",
        "08-123 456 78",
        "0501-12 34 56",
        "tel 011–15 00 00",
        "+46 70 123 45 67",
        "+46 (0)70-123 45 67",
        "0046701234567",
        "+358 40 123 4567",
    ],
)
def test_a_telephone_number_is_recognised(text):
    assert looks_like_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "112",
        "1177",
        "113 13",
        "kl. 08.30–16.00",
        "07:30-16:00",
        "2026-11-21",
        "01-05 09-12",
        "10 000 000",
        "0–6 år",
        "",
    ],
)
def test_short_numbers_times_and_dates_are_not_telephone_numbers(text):
    assert not looks_like_phone(text)


@pytest.mark.parametrize("repeated", ["0 ", "19", "900101", "900101 ", "+46", "0701 ", " ", "-"])
def test_long_rows_of_digits_are_read_quickly(repeated):
    text = repeated * (200_000 // len(repeated))

    assert looks_like_phone(text) in (True, False)
    assert looks_like_identity_number(text) in (True, False)
