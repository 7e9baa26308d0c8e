"""In which VRRP differential cases Baton is known to differ from keepalived, and why.

A case that is listed here must differ in one of the pairings at least: the line goes when it does not any more.
"""


def _all(reason, *names):
    return dict.fromkeys(names, reason)


_REMOVED = "what it is to track is not set"
#: {case: what is missing}
NOT_YET = {
    "routes of IPv6": "virtual_routes are not set",
    "rules of IPv6": "virtual_rules are not set",
    **_all("there are no VMACs", "use_vmac unicast", "use_vmac of IPv6", "use_vmac of IPv6 with vmac_xmit_base"),
    **_all("virtual_ipaddress_excluded is not set", "excluded addresses", "an excluded address removed",
           "reload of the master's excluded addresses", "sixty excluded addresses"),
    "promote_secondaries": "the sysctl of the interface stays as it is",
    **_all("virtual_routes are not set", "routes", "reload of routes and rules"),
    "rules": "virtual_rules are not set",
    **_all(_REMOVED, "a route removed", "a route removed, no_track", "a rule removed"),
    "static addresses, routes and rules": "none of them is set",
    "no_accept": "addresses of a master that is no owner answer",
    **_all("there are no VMACs: neither links nor their sysctls; adverts and ARP come from the interface's own MAC", "use_vmac",
           "use_vmac with vmac_xmit_base", "use_vmac by name", "use_vmac with another MAC",
           "use_vmac with all kinds of addresses", "use_vmac with routes", "use_vmac, rp_filter set", "use_vmac, two instances",
           "use_vmac, link down and up", "use_vmac killed", "use_vmac of v2 with PASS", "use_vmac of an owner",
           "use_vmac with no_accept", "use_vmac, an address removed", "use_vmac, the link removed",
           "reload with use_vmac"),
    "sync group of VMACs": "there are no VMACs",
}
#: {case: why Baton does otherwise}
DEVIATIONS = {
    "two owners": "an owner that yields to an owner goes on with priority 255: keepalived sets both to 254",
    **_all("adverts with other addresses than the own are taken, and that is told: where keepalived refuses them, both are masters",
           "other addresses", "reload with an address more", "reload with an address less"),
    **_all("it comes back at once; keepalived sends priority 0, tells BACKUP, and is MASTER again", "an address removed",
           "IPv6, an address removed", "sync group, a member's address removed"),
    **_all("a burst for a weaker master is left out when there has been one at that moment", "globals",
           "higher_prio_send_advert"),
    "old_unicast_checksum of one": "who has heard the old kind of checksum sends it; keepalived takes over with the new one",
    "reload, states written again": "MASTER is written, too, where keepalived writes BACKUP alone",
    "vrrp_garp_interval": "all repeats of a burst are sent, as far apart as asked for; keepalived loses most of them",
    "skip_check_adv_addr": "a reload that adds an address announces that one; keepalived announces all anew",
}
#: Parts of the trace in which Baton is not compared with keepalived, and why.
SET_ASIDE = {"firewall": "each has rules of its own; what they do is asked for in the cases of no_accept"}
#: The same, of what is missing: the line goes when it is there.
SET_ASIDE_YET = {}
