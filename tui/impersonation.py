"""What allowing impersonation means, as the dialogs of service accounts say it."""

from textual.content import Content

LABEL = "Allow impersonation"
# Before, agents knew of no service accounts and refused the option to whoever is no administrator.
OLDEST_AGENT = "1.8.1"

_TICKED = (
    "Ticked, agents and autoscalers with its credentials can run each task as its owner: with the "
    "owner's configuration vaults and access, but never with the powers of an administrator. "
    "An agent is then started with --use-owner-token, which needs clearml-agent "
    f"{OLDEST_AGENT} or newer, a Helm chart sets values.agentk8s.useOwnerToken: true, and an "
    "autoscaler may use Apply Task Owner Vault Configuration."
)
_NOT_TICKED = (
    "Not ticked, an agent that is started with --use-owner-token fails. Without it, tasks run with "
    "the access of the service account itself, so give it what they need."
)


def explanation() -> Content:
    """What it means to tick the box, and not to."""
    return Content(f"{_TICKED}\n{_NOT_TICKED}")
