"""HUP: a bad file changes nothing, a good one changes what it says; and what else is done to a running pair."""
import signal
import socket
import time

import pytest

from batonlab import pair, wire
from batonlab.director import wait_until

NEW_VIP = "10.0.0.120"


@pytest.fixture(scope="module", params=["baton", "keepalived"])
def master_of(request):
    """A settled pair; the other director is of either kind."""
    from conftest import need  # pylint: disable=import-outside-toplevel
    kinds = ("baton", request.param)
    need(kinds)
    with pair.Pair(kinds, vips=(pair.VIP,)) as directors:
        directors.start()
        assert directors.wait_master("d1") is not None, directors["d1"].log()
        time.sleep(1)
        yield directors


def rewrite(directors, text):
    directors["d1"].write(text)
    directors["d1"].signal(signal.SIGHUP)


def with_vips(directors, *vips):
    script = directors.folder + "/notify.sh"
    return pair.configuration("d1", vips=vips, notify=(script, directors.notified["d1"]))


def undisturbed(directors, since):
    """d1 stayed master: it told nobody otherwise, never stopped sending, and the backup did nothing."""
    adverts = directors.adverts("d1", since=since - 1.1)
    silence = [later.time - sooner.time for sooner, later in zip(adverts, adverts[1:])]
    assert max(silence) < 1.5, "adverts stopped for a while"
    assert {wire.advert_priority(frame) for frame in adverts} == {100}
    assert directors.adverts("d2", since=since) == []
    assert directors.calls("d1", since=since) == [] == directors.calls("d2", since=since)
    assert directors["d1"].holds(pair.VIP) and not directors["d2"].holds(pair.VIP)


@pytest.mark.parametrize("mistake", ["vrrp_instance {", "vrrp_instance VI_1 {\n    interface\n}\n",
                                     "vrrp_instance VI_1 {\n    interface nosuch0\n    virtual_router_id 51\n}\n"])
def test_a_bad_file_leaves_the_old_in_force(master_of, mistake):
    since, before = time.time(), len(master_of["d1"].log())
    rewrite(master_of, mistake)
    time.sleep(2.5)
    undisturbed(master_of, since)
    assert master_of["d1"].running()
    place = master_of["d1"].files["conf"] + ":"
    assert place in master_of["d1"].log()[before:], "the mistake's place is not in the log"


def test_a_vip_is_added_and_removed_without_leaving_master(master_of):
    since = time.time()
    rewrite(master_of, with_vips(master_of, pair.VIP, NEW_VIP))
    assert master_of.wait_master("d1", 2, NEW_VIP) is not None, master_of["d1"].log()[-2000:]
    time.sleep(1.5)
    undisturbed(master_of, since)
    announced = [frame for frame in master_of.garps("d1", since=since) if wire.arp_address(frame) == NEW_VIP]
    assert announced, "the new VIP was not announced"
    assert socket.inet_aton(NEW_VIP) in master_of.adverts("d1")[-1].data

    since = time.time()
    rewrite(master_of, with_vips(master_of, pair.VIP))
    assert wait_until(lambda: not master_of["d1"].holds(NEW_VIP), 2) is not None
    time.sleep(1.5)
    undisturbed(master_of, since)
    assert socket.inet_aton(NEW_VIP) not in master_of.adverts("d1")[-1].data


def test_a_vip_taken_away_by_hand_comes_back(master_of):
    """keepalived resigns and is master again after 0.4 s; what matters is that the VIP returns by itself."""
    master_of.spaces["d1"].ip(f"addr del {pair.VIP}/32 dev eth0")
    assert master_of.wait_master("d1", 6) is not None, master_of["d1"].log()[-2000:]


def test_int_stops_like_term(master_of):
    since = time.time()
    master_of["d1"].signal(signal.SIGINT)
    assert master_of["d1"].process.wait(2) == 0
    assert time.time() - since <= 1.0
    assert [wire.advert_priority(frame) for frame in master_of.adverts("d1", since=since)][-1] == 0
    assert not master_of["d1"].holds(pair.VIP)
    assert master_of.wait_master("d2", 2) is not None
    master_of["d1"].process = None
