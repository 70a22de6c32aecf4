"""Work of the portal that nobody waits for."""

from procrastinate.contrib.django import app

from tongban.portal import subscriptions


@app.task(name="portal.tell_subscribers")
def tell_subscribers(news: int) -> None:
    """Tell everybody who follows an item, block by block; after a crash it goes on where it stopped."""
    while subscriptions.tell_block(news=news):
        pass
