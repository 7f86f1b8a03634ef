"""Rows of people and what joins them with companies and roles."""

from helpdesk.accounts.models.changes import AccountEvent, AddressClaim, Invitation
from helpdesk.accounts.models.company import Company, Membership
from helpdesk.accounts.models.look import Look
from helpdesk.accounts.models.note import ClientNote
from helpdesk.accounts.models.person import Address, Person
from helpdesk.accounts.models.role import Role
from helpdesk.accounts.models.sign_in import SignInAttempt

__all__ = [
    "AccountEvent",
    "Address",
    "AddressClaim",
    "ClientNote",
    "Company",
    "Invitation",
    "Look",
    "Membership",
    "Person",
    "Role",
    "SignInAttempt",
]
