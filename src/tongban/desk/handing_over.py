"""What of the desk goes to whoever takes over: views that a head keeps for the unit; one's own end with the desk."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from tongban.desk.models import SavedView
from tongban.identity import registries as identity


def register() -> None:
    """Bring the mover to identity; called once at start."""
    identity.handover.register(SharedViews.name, SharedViews())


class SharedViews(identity.Handover):
    """Views shared with a unit stay, kept by the successor; one whose name the successor uses stays where it is."""

    name = "desk.shared_views"
    label = _("给全单位共用的常用视图")

    def count(self, order: identity.HandoverOrder) -> int:
        """How many would move."""
        return self._views(order).count()

    def hand_over(self, order: identity.HandoverOrder) -> int:
        """Move them."""
        return self._views(order).update(account=order.to_account_id)

    @staticmethod
    def _views(order: identity.HandoverOrder) -> QuerySet[SavedView]:
        same = SavedView.objects.filter(account=order.to_account_id, panel=OuterRef("panel"), name=OuterRef("name"))
        mine = SavedView.objects.filter(account=order.from_account_id, organisation=order.organisation_id)
        return mine.filter(~Exists(same))
