#!/bin/bash
# FULLNAT, told line by line for test_fullnat.py: a client, a director that forwards nothing else, and a real server that
# has no route to the client.  Runs inside user-mode Linux.   fullnat_story.sh BATOND
batond=$1
conf=/run/fullnat.conf
page() { ip netns exec client timeout 4 curl -s -m 3 http://192.0.2.100/ || echo nothing; }
rules() { iptables-legacy -t nat -S 2>/dev/null; nft list ruleset 2>/dev/null; }
start() { "$batond" -n -l -C -f "$conf" -p /run/d.pid -c /run/c.pid -r /run/v.pid >>/run/log 2>&1 & daemon=$!; sleep 3; }

for name in client real; do
  ip netns add $name
  ip link add $name type veth peer name eth0 netns $name
  ip link set $name up
  ip -n $name link set lo up
  ip -n $name link set eth0 up
done
ip addr add 192.0.2.1/24 dev client
ip addr add 192.0.2.100/32 dev client
ip addr add 10.2.0.1/24 dev real
ip -n client addr add 192.0.2.50/24 dev eth0
ip -n real addr add 10.2.0.110/24 dev eth0
sysctl -qw net.ipv4.ip_forward=1
modprobe -a iptable_nat xt_ipvs xt_MASQUERADE  # as on a kernel without nf_tables: the daemon may load no modules
mkdir -p /run/pages && echo "a page" >/run/pages/index.html
(cd /run/pages && exec ip netns exec real python3 -m http.server 8088 >/run/web 2>&1) &
web() { cat <<END
virtual_server 192.0.2.100 80 {
  lb_algo rr
  lb_kind $1
  protocol TCP
  real_server 10.2.0.110 8088 {
  }
}
END
}

web NAT >$conf
start
echo "nat: $(page)"
web FULLNAT >$conf
kill -HUP $daemon
sleep 3
echo "fullnat: $(page)"
echo "seen from: $(grep -o '^10.2.0.1 ' /run/web | head -1)"
echo "rules: $(rules | grep -c MASQUERADE)"
echo "conntrack: $(cat /proc/sys/net/ipv4/vs/conntrack)"
pkill -KILL -P $daemon
kill -KILL $daemon
start
echo "after a crash: $(page), rules: $(rules | grep -c MASQUERADE)"
kill $daemon
wait $daemon
echo "stopped: rules $(rules | grep -c -i 'masquerade\|FULLNAT'), services $(ipvsadm -Sn | wc -l)"
kill %1 2>/dev/null
cat /run/log >&2
