"""Demonstration accounts."""

from kb.accounts import queries
from kb.accounts.roles import ROLE_NAMES
from kb.accounts.secrets import passwords
from kb.accounts.services.demo import create_demo


def test_there_is_one_account_for_each_role_in_two_units(session):
    accounts = create_demo(session)

    assert sorted(role for account in accounts for role in account.roles) == sorted(ROLE_NAMES.values())
    assert {account.unit for account in accounts} == {"Barn och familj", "Hemtjänst Väst"}


def test_again_gives_the_same_accounts_new_passwords(session):
    before = create_demo(session)
    after = create_demo(session)

    assert [account.email for account in before] == [account.email for account in after]
    user = queries.user_by_email(session, after[0].email)
    assert passwords.verify(user.password_hash, after[0].password)
    assert not passwords.verify(user.password_hash, before[0].password)
