"""Signing in to the portal."""

from django.contrib.auth.views import LoginView
from django.utils.translation import gettext_lazy as _


class SignIn(LoginView):
    template_name = "portal/sign_in.html"
    extra_context = {"title": _("Log in")}
    redirect_authenticated_user = False
