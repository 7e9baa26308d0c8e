#!/bin/bash
# A real server follows a BFD session with the router before it (BFD_CHECK); told as "words: value" on standard output.
#   bfd_story.sh BATOND     in a kernel of its own with IPVS
batond=$1
work=/run/bfd-story
mkdir -p $work /run/netns
ip link set lo up
ip netns add far
ip link add eth9 type veth peer name eth0 netns far
ip addr add 10.5.0.1/24 dev eth9
ip link set eth9 up
ip -n far link set eth0 up
ip -n far addr add 10.5.0.2/24 dev eth0

session() {
  printf 'bfd_instance s {\n neighbor_ip %s\n source_ip %s\n min_rx 100\n min_tx 100\n multiplier 3\n}\n' "$1" "$2"
}
{ session 10.5.0.2 10.5.0.1
  printf 'virtual_server 10.9.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n'
  printf ' real_server 10.8.0.1 80 {\n  BFD_CHECK {\n   name s\n  }\n }\n real_server 10.8.0.2 80 {\n }\n}\n'
} >$work/near.conf
session 10.5.0.1 10.5.0.2 >$work/far.conf

servers() { ipvsadm -Sn | sed -n 's/^-a .* -r \([0-9.]*\):80 .*/\1/p' | sort | tr '\n' ' '; }
until_servers() {
  for _ in $(seq 150); do [ "$(servers)" = "$1" ] && break; sleep 0.1; done
}
"$batond" -n -l -f $work/near.conf -p $work/near.pid -r $work/near.vrrp -c $work/near.checkers >$work/near.log 2>&1 & near=$!
until_servers "10.8.0.2 "
echo "without a neighbour: $(servers)"
ip netns exec far "$batond" -n -l -f $work/far.conf -p $work/far.pid -r $work/far.vrrp -c $work/far.checkers >$work/far.log 2>&1 &
until_servers "10.8.0.1 10.8.0.2 "
echo "with its neighbour: $(servers)"
kill -9 "$(cat $work/near.checkers)"
sleep 3
echo "after the death of the checkers: $(servers)"
kill "$(cat $work/far.pid)"
until_servers "10.8.0.2 "
echo "when the neighbour has stopped: $(servers)"
kill $near
wait $near
cat $work/near.log >&2
