"""A page as an answer: under a policy that lets nothing in but our own scripts and styles."""

from typing import Final

from starlette.responses import HTMLResponse, Response

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " font-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def page_answer(text: str, *, status: int = 200) -> Response:
    """A whole page, or a part that a script puts into one."""
    return HTMLResponse(text, status, headers={"Content-Security-Policy": POLICY})
