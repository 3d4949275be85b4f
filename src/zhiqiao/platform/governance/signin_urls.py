"""The sign-in pages of allauth that this product offers; the others do not exist (404)."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path, re_path

from zhiqiao.platform.governance.access import action, public
from zhiqiao.platform.governance.views import signin

own = action("account.manage")

urlpatterns: list[URLPattern] = [
    path("login/", public(signin.SignIn.as_view()), name="account_login"),
    path("demo/", signin.demo_sign_in, name="demo_sign_in"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own(account.password_change), name="account_change_password"),
    path("password/reset/", signin.password_reset, name="account_reset_password"),
    path("password/reset/done/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", own(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/download/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    # allauth asks for these addresses by name; nobody signs up or manages addresses by them
    path("signup/", signin.absent, name="account_signup"),
    path("email/", signin.absent, name="account_email"),
    path("password/set/", signin.absent, name="account_set_password"),
    path("confirm-email/", signin.absent, name="account_email_verification_sent"),
    path("login/code/confirm/", signin.absent, name="account_confirm_login_code"),
]
