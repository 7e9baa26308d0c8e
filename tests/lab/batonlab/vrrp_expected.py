"""In which VRRP differential cases Baton is known to differ from keepalived, and why.

A case that is listed here must differ in one of the pairings at least: the line goes when it does not any more.
"""


def _all(reason, *names):
    return dict.fromkeys(names, reason)


#: {case: what is missing}
NOT_YET = {
}
#: {case: why Baton does otherwise}
DEVIATIONS = {
    "two owners": "an owner that yields to an owner goes on with priority 255: keepalived sets both to 254",
    **_all("adverts with other addresses than the own are taken, and that is told: where keepalived refuses them, both are masters",
           "other addresses", "reload with an address more", "reload with an address less"),
    **_all("it comes back at once; keepalived sends priority 0, tells BACKUP, and is MASTER again", "an address removed",
           "IPv6, an address removed", "sync group, a member's address removed", "an excluded address removed",
           "a route removed", "a rule removed", "use_vmac, an address removed"),
    "address with a peer in a prefix": "the peer has that prefix; keepalived 2.2.7 leaves the peer out, later ones do not",
    **_all("it goes at the stop; keepalived 2.2.7 leaves it", "address with a peer", "excluded address with a peer",
           "static address with a peer"),
    "unicast_src_ip that is not there": "FAULT is told once; keepalived tells it twice",
    "use_vmac, the link removed": "it is made again at once; keepalived tells FAULT, and is MASTER again",
    "reload with use_vmac": "the addresses move to the VMAC; keepalived tells FAULT, and begins anew",
    **_all("two masters: whoever hears the other announce its address announces it once more", "v2 PASS differ", "v2 and v3",
           "other intervals of v2", "v3 unicast, a stranger", "v3 unicast, another TTL than is wanted",
           "reload with another password"),
    **_all("a burst for a weaker master is left out when there has been one at that moment", "globals",
           "higher_prio_send_advert"),
    "old_unicast_checksum of one": "who has heard the old kind of checksum sends it; keepalived takes over with the new one",
    "reload, states written again": "MASTER is written, too, where keepalived writes BACKUP alone",
    "vrrp_garp_interval": "all repeats of a burst are sent, as far apart as asked for; keepalived loses most of them",
    **_all("a reload that adds an address announces that one; keepalived announces all anew", "skip_check_adv_addr",
           "reload of the master's excluded addresses"),
}
#: Parts of the trace in which Baton is not compared with keepalived, and why.
SET_ASIDE = {"firewall": "each has rules of its own; what they do is asked for in the cases of no_accept",
             "sysctls left": "each is put back; keepalived leaves arp_ignore and arp_filter of a VMAC's parent"}
#: The same, of what is missing: the line goes when it is there.
SET_ASIDE_YET = {}
