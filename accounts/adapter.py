"""How Photosite differs from allauth's ways: who may sign up, and what becomes of a mail."""

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from accounts import letters, mail
from accounts.models import User

log = structlog.get_logger("accounts.mail")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP == "open"

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, Any]) -> None:
        """Sends, or says that it could not: an unreachable mail server is no reason for a page to break.

        The account is there by then, and signing in sends the mail again.
        """
        request = context.request
        try:
            with mail.for_reader(email, context_):
                super().send_mail(template_prefix, email, context_)
        except (SMTPException, OSError) as error:
            log.exception("mail not sent", template=template_prefix, error=type(error).__name__)
            messages.error(request, _("The mail could not be sent just now. Try again in a few minutes."))
            return
        mail.remember_link(request, context_)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """The plain text as allauth makes it, and beside it the same words as a page."""
        plain: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        title = plain.subject.removeprefix(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX)
        plain.attach_alternative(letters.letter(title, str(plain.body), context), "text/html")
        return plain

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        mail.forget_link(request)
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        return response
