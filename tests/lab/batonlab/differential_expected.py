"""In which differential cases Baton is known to differ from keepalived, and why.

A case that is listed here must differ: the line goes when it does not any more.
"""
from .differential_cases import CASES


def _all(prefix):
    return [name for name in CASES if name.startswith(prefix)]


_REASONS = {
    "gre and gue are not built yet": [*_all("kind TUN type g"), "tunnels of the servers", "reload with another tunnel"],
    "virtual_server_group is not built yet": [
        *(name for name in _all("group ") if "not there" not in name), *_all("a group")],
    "MISC_CHECK is not built yet": [
        *(name for name in _all("MISC_CHECK") if "not there" not in name), "two dynamic checks of a server",
        "a dynamic weight and the quorum"],
    "FILE_CHECK is not built yet": _all("FILE_CHECK"),
    "ha_suspend is not built yet": _all("ha_suspend"),
    "a failed check of this kind does not remove its server yet": [
        *_all("SMTP_CHECK"), "DNS_CHECK", "DNS_CHECK RCODE", "DNS_CHECK without an answer", "UDP_CHECK",
        "UDP_CHECK reply", "UDP_CHECK pattern", "UDP_CHECK length", "PING_CHECK", "PING_CHECK where nobody answers"],
    "a quorum that the weights cannot reach is told to be up": ["quorum beyond the weights"],
    "of two virtual_server blocks for one service only the first is served": ["the same service twice"],
    "a reload that takes servers away does not tell that the quorum was lost": [
        "reload with all servers exchanged", "reload with a sorry server", "reload without services",
        "reload with services again"],
    "a new server that is dead is told of": ["reload with alpha and a dead server"],
}
#: {case: what is missing}
NOT_YET = {name: reason for reason, names in _REASONS.items() for name in names}
#: {case: the first column of the row of docs/compatibility.md that tells of the difference}
DEVIATIONS = {
    "reload with a mistake": "a reload with mistakes",
    "thresholds": "`lthreshold` without `uthreshold`",
    "sorry server without a port": "a sorry server without a port",
    "reload with a member more of the group": "a member that a reload takes out of a group",
}
