"""Being written."""

from tongban.kernel.problems import NotFound


def choose(request, **kw):
    raise NotFound()


start = draft = attach = submit = done = choose
