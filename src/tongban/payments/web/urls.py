"""Addresses of the payments room."""

from django.urls import path

from tongban.payments.web import views

urlpatterns = [
    path("payments/notify", views.notify, name="payments_notify"),
    path("payments/<str:bill_no>/", views.bill, name="payments_bill"),
    path("payments/<str:bill_no>/pay/", views.pay, name="payments_pay"),
]
