from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kmop.accounts"
    label = "accounts"
