"""In which VRRP differential cases Baton is known to differ from keepalived, and why.

A case that is listed here must differ: the line goes when it does not any more.
"""
#: {case: what is missing}
NOT_YET = {}
#: Parts of the trace in which Baton is not compared with keepalived, and why.
SET_ASIDE = {
    "fifo": "Baton does not write vrrp_notify_fifo yet",
    "firewall": "each has rules of its own; what they do is asked for in the cases of no_accept",
}
