#!/bin/bash
# What goes with an IPVS table, told line by line for test_surroundings.py: the sync daemon, foreign services, the order of
# table and address, a large group.  A director and its peer.  Runs inside user-mode Linux.   surroundings_story.sh BATOND
batond=$1
conf=/run/director.conf
start() { "$batond" -n -l -f "$conf" -p /run/d.pid -c /run/c.pid -r /run/v.pid >>/run/log 2>&1 & daemon=$!; }
stop() { kill $daemon; wait $daemon; }
services() { ipvsadm -Sn | grep -c '^-A'; }
syncing() { ipvsadm --list --daemon | tr '\n' ' '; }
until_true() { for _ in $(seq 1 "$1"); do eval "$2" && return; sleep 0.1; done; echo "never: $2"; }
instance() { # PRIORITY
  printf 'vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n priority %s\n advert_int 1\n' "$1"
  printf ' virtual_ipaddress {\n  192.0.2.100/24\n }\n}\n'
}
service() { # ADDRESS
  printf 'virtual_server %s 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 10.2.0.110 80 {\n }\n}\n' "$1"
}
foreign() { ipvsadm -A -t 198.51.100.9:80 -s rr; }

ip netns add peer
ip link add eth0 type veth peer name eth0 netns peer
for each in "" "-n peer"; do ip $each link set lo up; ip $each link set eth0 up; done
ip addr add 192.0.2.1/24 dev eth0
ip -n peer addr add 192.0.2.2/24 dev eth0

{ echo 'global_defs {'; echo ' lvs_sync_daemon eth0 VI_1 id 7'; echo '}'; instance 100; service 192.0.2.100; } >$conf
start
until_true 80 'ip addr show eth0 | grep -q 192.0.2.100'
sleep 0.5
echo "sync as master: $(syncing)"
instance 200 >/run/peer.conf
ip netns exec peer "$batond" -n -l -P -f /run/peer.conf -p /run/peer.pid >>/run/log 2>&1 & peer=$!
until_true 80 '! ip addr show eth0 | grep -q 192.0.2.100'
sleep 0.5
echo "sync as backup: $(syncing)"
kill $peer; wait $peer
until_true 80 'ip addr show eth0 | grep -q 192.0.2.100'
sleep 0.5
echo "sync as master again: $(syncing)"
stop
echo "sync when stopped: [$(syncing)]"

service 192.0.2.100 >$conf
foreign
start; until_true 50 '[ $(services) = 2 ]'
echo "beside a foreign service: $(services)"
stop
echo "a stop leaves: $(ipvsadm -Sn | tr '\n' ' ')"
{ echo 'global_defs {'; echo ' lvs_flush'; echo '}'; service 192.0.2.100; } >$conf
start; until_true 50 'ipvsadm -Sn | grep -q 192.0.2.100:80'
echo "lvs_flush leaves: $(services)"
stop
foreign
{ echo 'global_defs {'; echo ' lvs_flush_on_stop'; echo '}'; service 192.0.2.100; } >$conf
start; until_true 50 '[ $(services) = 2 ]'
stop
echo "lvs_flush_on_stop leaves: $(services)"
foreign
{ echo 'global_defs {'; echo ' lvs_flush_on_stop VS'; echo '}'; service 192.0.2.100; } >$conf
start; until_true 50 '[ $(services) = 2 ]'
stop
echo "lvs_flush_on_stop VS leaves: $(services)"
ipvsadm -C

{ instance 255; for i in $(seq 1 2000); do service 10.9.$((i / 250)).$((i % 250 + 1)); done; } >$conf
start
until_true 200 'ip addr show eth0 | grep -q 192.0.2.100'
echo "services when the address came: $(services)"
foreign
stop
echo "of a large table a stop leaves: $(ipvsadm -Sn | tr '\n' ' ')"
ipvsadm -C
for other in "" '[2001:db8::9]:80'; do
  start
  until_true 200 'ip addr show eth0 | grep -q 192.0.2.100'
  [ -z "$other" ] || ipvsadm -A -t "$other" -s rr
  stop
  echo "a large table${other:+ and one more of IPv6}: $(grep -c 'the whole table at once' /run/log) at once, $(services) left"
  ipvsadm -C
done

for i in $(seq 1 20); do
  printf 'virtual_server 10.7.0.%d 80 {\n delay_loop 1\n lb_algo rr\n lb_kind NAT\n protocol TCP\n slow_start 2\n' $i
  printf ' real_server 127.1.0.%d 8080 {\n  weight 50\n  TCP_CHECK {\n   connect_timeout 5\n   retry 0\n   warmup 0\n  }\n }\n}\n' $i
done >$conf
start
until_true 80 '[ $(services) = 20 ] && ! ipvsadm -Sn | grep -q "^-a"'
python3 -c 'import socket
with socket.create_server(("", 8080), backlog=128) as listener:
    while True:
        listener.accept()[0].close()' & web=$!
until_true 60 '[ $(ipvsadm -Sn | grep -c "^-a.* -w 50") = 20 ]'  # sooner than the table is read anew
echo "full weights after slow_start: $(ipvsadm -Sn | grep -c '^-a.* -w 50')"
kill $web
stop

{ echo 'virtual_server_group G {'
  for i in $(seq 0 31); do echo " 10.8.$i.0-255 80"; done
  echo '}'; service 'group G' | sed 's/ group G 80/ group G/'; } >$conf
start
until_true 600 '[ $(services) = 8192 ]'
echo "a large group: $(services)"
stop
echo "and without it: $(services)"
cat /run/log >&2
