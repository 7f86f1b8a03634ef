"""Sign-in and one's own account. The names are those that allauth reverses; there is no sign-up."""

from django.urls import path, re_path

from helpdesk.accounts.views import addresses, invitations, language, passwords, security, settings, sign_in

urlpatterns = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("login/inactive/", sign_in.inactive, name="account_inactive"),
    path("password/reset/", passwords.ask, name="account_reset_password"),
    path("password/reset/sent/", passwords.asked, name="account_reset_password_done"),
    path("password/reset/done/", passwords.done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/set/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[^/]+)/$",
        passwords.set_by_link,
        name="account_reset_password_from_key",
    ),
    path("password/change/", passwords.change),
    path("invitation/<str:key>/", invitations.invitation, name="account_invitation"),
    path("account/settings/", settings.settings_page, name="account_settings"),
    path("account/language/<str:code>/", language.language, name="account_language"),
    path("account/addresses/<str:key>/", addresses.prove, name="account_address"),
    path("account/password/", passwords.change, name="account_change_password"),
    path("account/security/", security.security, name="account_security"),
]
