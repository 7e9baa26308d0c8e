"""In which VRRP differential cases Baton is known to differ from keepalived, and why.

A case that is listed here must differ in one of the pairings at least: the line goes when it does not any more.
"""


def _all(reason, *names):
    return dict.fromkeys(names, reason)


#: {case: what is missing}
NOT_YET = {
    "globals": "MASTER_RX_LOWER_PRI is not told",
    "old_unicast_checksum of one": "a director that takes over does not go on with the kind of checksum that it has heard",
    "sync group of IPv4 and IPv6": "there are no sync groups",
    **_all("MASTER_RX_LOWER_PRI is not told", "two masters meet, the lesser speaks first", "GARP of a lower priority"),
    "notify scripts": "MASTER_RX_LOWER_PRI is not told, notify_master_rx_lower_pri not run",
    "higher_prio_send_advert": "MASTER_RX_LOWER_PRI is not told",
    "dont_track_primary": "FAULT without a carrier nevertheless",
    **_all("scripts are not run: no FAULT", "script without weight", "script without weight, bad at the start",
           "script, init_fail", "script, rise and fall", "script bad on both", "script bad when it is stopped",
           "script at intervals of 0.2 s"),
    **_all("scripts are not run: the priority stays", "script with a negative weight", "script with a small negative weight",
           "script with a positive weight", "script, weight of the instance", "script, reverse", "script, clamped",
           "script that lasts too long", "two scripts", "script of the backup", "script, nopreempt", "reload with a script",
           "reload with another weight"),
    "reload without an instance that has notify_deleted": "FAULT is told, not DELETED",
    "reload, states written again": "BACKUP is not written again after a reload",
    "reload with another password": "a master sends no advert at once after a reload; MASTER_RX_LOWER_PRI is not told",
    "script, priority changes told": "scripts are not run; MASTER_PRIORITY is not told",
    **_all("other interfaces are not watched", "track_interface", "track_interface with a weight",
           "address of another interface, which goes down"),
    **_all("files are not watched", "track_file", "track_file with weight 0", "track_file reversed",
           "track_file, init_file of a number"),
    **_all("there are no sync groups: members change alone, no GROUP is told", "track_interface of the group", "sync group",
           "sync group, notify scripts", "sync group, a member's address removed", "sync group, tracked script",
           "sync group, tracked script with a weight", "sync group, a member's script",
           "sync group, a member's script with a weight", "sync group, sync_group_tracking_weight",
           "sync group, global_tracking", "sync group, sync_group_tracking_weight, one member",
           "sync group, a member nopreempt", "sync group, the master killed", "sync group of VMACs",
           "sync group, reload without it", "sync group, other priorities", "track_file of the group",
           "sync group, priority changes told", "sync group of one"),
}
#: {case: why Baton does otherwise}
DEVIATIONS = {
    "two owners": "an owner that yields to an owner goes on with priority 255: keepalived sets both to 254",
    **_all("adverts with other addresses than the own are taken, and that is told: where keepalived refuses them, both are masters",
           "other addresses", "reload with an address more", "reload with an address less"),
    **_all("it comes back at once; keepalived sends priority 0, tells BACKUP, and is MASTER again", "an address removed",
           "IPv6, an address removed", "an excluded address removed", "a route removed", "a rule removed",
           "use_vmac, an address removed"),
    "use_vmac, the link removed": "it is made again at once; keepalived tells FAULT, and is MASTER again",
    "reload with use_vmac": "the addresses move to the VMAC; keepalived tells FAULT, and begins anew",
    **_all("two masters: whoever hears the other announce its address announces it once more", "v2 PASS differ", "v2 and v3",
           "other intervals of v2", "v3 unicast, a stranger", "v3 unicast, another TTL than is wanted"),
    "vrrp_garp_interval": "all repeats of a burst are sent, as far apart as asked for; keepalived loses most of them",
    **_all("a reload that adds an address announces that one; keepalived announces all anew", "skip_check_adv_addr",
           "reload of the master's excluded addresses"),
}
#: Parts of the trace in which Baton is not compared with keepalived, and why.
SET_ASIDE = {"firewall": "each has rules of its own; what they do is asked for in the cases of no_accept",
             "sysctls left": "each is put back; keepalived leaves arp_ignore and arp_filter of a VMAC's parent"}
#: The same, of what is missing: the line goes when it is there.
SET_ASIDE_YET = {}
