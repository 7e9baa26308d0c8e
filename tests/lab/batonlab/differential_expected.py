"""In which differential cases Baton is known to differ from keepalived, and why.

A case that is listed here must differ: the line goes when it does not any more.
"""
#: {case: what is missing}
NOT_YET = {}
#: {case: the first column of the row of docs/compatibility.md that tells of the difference}
DEVIATIONS = {
    "reload with a mistake": "a reload with mistakes",
    "thresholds": "`lthreshold` above `uthreshold`, or without it",
    "sorry server without a port": "`sorry_server` without a port, NAT",
    "reload with a member more of the group": "a member that a reload takes out of a group",
    "quorum beyond the weights": "a pool with `quorum` plus `hysteresis` above the sum of its weights",
    "the same service twice": "a virtual server that is written twice",
    "reload with all servers exchanged": "a reload that takes away the server that carried the quorum, and adds another",
    "reload with a sorry server": "a reload that adds a `sorry_server` to a service without quorum",
    "reload with alpha and a dead server": "a reload that adds a server with `alpha` whose first check fails",
    "FILE_CHECK down at the start": "a FILE_CHECK that has failed from the start",
}
