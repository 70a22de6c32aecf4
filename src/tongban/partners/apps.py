"""The Django application of the partners room."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Signed HTTP to systems of others."""

    name = "tongban.partners"
    label = "partners"
    verbose_name = "外部系统"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer adapters of simulators and scanners, gateway and checker to the identity room, the tab of webhooks."""
        from tongban.identity import registries as identity_registries
        from tongban.partners import code_sender, escl, registries, running, simulator
        from tongban.partners.web import shell

        registries.sms.register("simulator", simulator.SimulatorSms())
        registries.email.register("simulator", simulator.SimulatorEmail())
        registries.payment.register("simulator", simulator.SimulatorPayment())
        for scheme in ("http", "https"):
            registries.scanners.register(scheme, escl.ESCL)
        registries.running.register("simulator", running.JsonRunningSystem())
        registries.postal.register("simulator", simulator.SimulatorPostal())
        identity_registries.verifiers.register("simulator", simulator.SimulatorVerifier())
        shell.register()
        identity_registries.code_senders.register("sms", code_sender.GatewayCodeSender())
