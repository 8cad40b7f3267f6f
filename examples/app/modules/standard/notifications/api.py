"""Notifications."""

from .services import NotificationService

MODULE_ID = "standard.notifications"


def initialize(app_context):
    service = NotificationService()
    service.add_sender("log", print)
    app_context.register_service("standard.notifications.service", service)
    return True
