#!/bin/bash
# Pools that DNS fills, told line by line for test_pools.py: dnsmasq says which servers there are, comes, changes and goes.
# Runs inside user-mode Linux.   pools_story.sh BATOND
batond=$1
conf=/run/pools.conf
zone=/run/zone.conf
start() { "$batond" -n -l -D -f "$conf" -p /run/d.pid -c /run/c.pid -r /run/v.pid >>/run/log 2>&1 & daemon=$!; }
crash() { pkill -KILL -P $daemon; kill -KILL $daemon; wait $daemon 2>/dev/null; }
# The real servers of a service: "10.2.0.1:80 w3, ...".
table() { ipvsadm -Sn | sort | sed -n "s/^-a .* $1 -r \([^ ]*\) .*-w \([0-9]*\)\$/\1 w\2/p" | paste -sd, ; }
web() { table 192.0.2.100:80; }
api() { table 192.0.2.100:81; }
old() { table 192.0.2.100:82; }
# Waits until a command says something else than before, or at most so many seconds.
until_is() { for _ in $(seq 50); do [[ $($1) == "$2" ]] && return; sleep 0.2; done; }
dns() { dnsmasq -k -C "$zone" >>/run/dns.log 2>&1 & dns=$!; }
no_dns() { kill $dns; wait $dns 2>/dev/null; }
commands() { grep -c 'IPVS command' /run/log; }
zone() { cat >$zone <<END
port=5353
listen-address=127.0.0.1,127.0.0.53
bind-interfaces
no-resolv
no-hosts
user=root
pid-file=
local-ttl=1
local=/lab/
$1
END
}

printf 'nameserver 127.0.0.53\nsearch lab\n' >/run/resolv.conf
mount --bind /run/resolv.conf /etc/resolv.conf
cat >$conf <<END
global_defs {
  script_user root
}
virtual_server 192.0.2.100 80 {
  lb_algo wrr
  lb_kind NAT
  protocol TCP
  sorry_server 10.2.0.200 80
  real_server_pool web.lab 8080 {
    nameserver 127.0.0.1 5353
    min_ttl 1
    max_ttl 2
    weight 3
    notify_down "/usr/bin/touch /run/gone"
  }
}
virtual_server 192.0.2.100 81 {
  lb_algo wrr
  lb_kind NAT
  protocol TCP
  delay_loop 1
  real_server_pool _api._tcp.lab {
    nameserver 127.0.0.1 5353
    min_ttl 1
    max_ttl 2
    TCP_CHECK {
      connect_timeout 1
      retry 1
      delay_before_retry 0
      warmup 0
    }
  }
}
virtual_server 192.0.2.100 82 {
  lb_algo wrr
  lb_kind NAT
  protocol TCP
  real_server 10.2.0.9 80 {
    weight 7
  }
  real_server_pool old.lab 80 {
    nameserver 127.0.0.1 5353
    min_ttl 1
    max_ttl 2
  }
}
END

(cd /run && exec python3 -m http.server 8081 --bind 127.0.0.1 >/dev/null 2>&1) & page=$!

start
until_is web "10.2.0.200:80 w1"
for _ in $(seq 50); do grep -q 'configuration 1 is in force' /run/log && break; sleep 0.2; done
echo "without DNS: $(web) | $(api) | $(old)"
echo "in force: $(grep -c 'configuration 1 is in force' /run/log)"

zone 'host-record=web.lab,10.2.0.1
host-record=web.lab,10.2.0.2
host-record=old.lab,10.2.0.9
host-record=old.lab,10.2.0.8
host-record=here.lab,127.0.0.1
srv-host=_api._tcp.lab,here.lab,8081,10,5
srv-host=_api._tcp.lab,here.lab,8082,10,9
srv-host=_api._tcp.lab,here.lab,8083,20,1'
dns
until_is web "10.2.0.1:8080 w3,10.2.0.2:8080 w3"
until_is api "127.0.0.1:8081 w5"
echo "with DNS: $(web) | $(api) | $(old)"

before=$(commands)
no_dns
zone 'host-record=web.lab,10.2.0.2
host-record=web.lab,10.2.0.3
host-record=old.lab,10.2.0.9
host-record=old.lab,10.2.0.8
host-record=here.lab,127.0.0.1
srv-host=_api._tcp.lab,here.lab,8081,10,6'
dns
until_is web "10.2.0.2:8080 w3,10.2.0.3:8080 w3"
until_is api "127.0.0.1:8081 w6"
echo "changed: $(web) | $(api) | $(old)"
for _ in $(seq 25); do [[ -e /run/gone ]] && break; sleep 0.2; done
echo "notify_down: $([[ -e /run/gone ]] && echo ran)"
echo "commands: $(grep 'IPVS command' /run/log | tail -n +$((before + 1)) | grep -o '[0-9]* IPVS command' | awk '{ n += $1 } END { print n }')"
echo "said: $(grep -o 'pool A web.lab at 127.0.0.1 port 5353: 10.2.0.1 gone, 10.2.0.3 added' /run/log | head -1)"

complaints() { grep -c 'pool A web.lab.*stays in force' /run/log; }
before=$(complaints)
no_dns
sleep 5
echo "DNS dead: $(web) | $(api) | $(old)"
echo "told: $(($(complaints) - before))"

before=$(commands)
crash
echo "killed: $(web) | $(api) | $(old)"
start
for _ in $(seq 50); do [[ $(grep -c 'configuration 1 is in force' /run/log) == 2 ]] && break; sleep 0.2; done
sleep 2
echo "started again: $(web) | $(api) | $(old)"
echo "commands of the start: $(($(commands) - before))"

kill $(pgrep -P $daemon -f 'batond: ipvs') $(pgrep -P $daemon -f 'batond: checkers')
sleep 3
echo "roles started again: $(web) | $(api) | $(old)"

kill $daemon
wait $daemon
echo "stopped: $(ipvsadm -Sn | wc -l)"
start
until_is api "127.0.0.1:8081 w6"
echo "started without DNS: $(web) | $(api) | $(old)"

zone 'host-record=web.lab,10.2.0.3
host-record=old.lab,10.2.0.8
srv-host=_api._tcp.lab,here.lab,8081,10,6
host-record=here.lab,127.0.0.1'
dns
until_is web "10.2.0.3:8080 w3"
echo "DNS again: $(web) | $(api) | $(old)"

# The system's name server and its search list; the rest is as it was.
sed -i '/nameserver/d; s/web\.lab/web/' $conf
sed -i 's/^port=.*/port=53/' $zone
no_dns
dns
kill -HUP $daemon
for _ in $(seq 50); do grep -q 'pool A web: 10.2.0.3 added' /run/log && break; sleep 0.2; done
until_is web "10.2.0.3:8080 w3"
echo "by the system: $(web) | $(api) | $(old)"
kill $daemon
wait $daemon

# A first start, with nothing remembered: VRRP waits until the configuration is in force, and then the table is there.
rm -f /run/baton/pools-*.ledger
before=$(grep -c 'is in force' /run/log)
start
for _ in $(seq 100); do [[ $(grep -c 'is in force' /run/log) -gt $before ]] && break; sleep 0.1; done
echo "in force with DNS: $(web) | $(api) | $(old)"
kill $daemon
wait $daemon
no_dns
kill $page
cat /run/log /run/dns.log >/run/work/log
