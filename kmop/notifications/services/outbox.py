"""Handing a mail over to the mail server (or to the folder of the embedded default)."""

import smtplib

from django.core.mail import EmailMessage, get_connection

from kmop.notifications.choices import MailState

# The server said no: the mail certainly did not leave.
REFUSED = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
)


def hand_over(message: EmailMessage) -> MailState:
    """Send one mail, with no transaction open; returns sent, not sent or perhaps sent, raises nothing of the network.

    Not sent: no connection, or the server refused. Perhaps sent: the connection broke while the mail was on its way.
    """
    connection = message.connection or get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError):
        return MailState.NOT_SENT
    try:
        return MailState.SENT if connection.send_messages([message]) else MailState.NOT_SENT
    except REFUSED:
        return MailState.NOT_SENT
    except (smtplib.SMTPException, OSError):
        return MailState.PERHAPS
    finally:
        _close(connection)


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except (smtplib.SMTPException, OSError):
        return
