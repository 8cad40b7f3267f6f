"""Messages to customers. No database: a list of senders."""


class NotificationService:
    def __init__(self):
        self.senders = {}

    def add_sender(self, channel, send):
        self.senders[channel] = send

    def notify(self, channel, text):
        return self.senders[channel](text)
