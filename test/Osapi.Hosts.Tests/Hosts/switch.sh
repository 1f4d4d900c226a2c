#!/bin/bash
# A network of its own with two DNS servers that disagree. Lives until its standard input ends; nothing of it is outside.
# usage: unshare --net bash switch.sh
set -e
ip link set lo up
ip link add br0 type bridge
ip addr add 10.77.0.254/24 dev br0
ip addr add 10.77.0.253/24 dev br0
ip addr add fd77::254/64 dev br0 nodad
ip link set br0 up
serve() {
    dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --local=/test/ --bind-interfaces --user=root --pid-file= "$@" </dev/null &
}
serve --listen-address=10.77.0.254,fd77::254 --address=/web.lab.test/10.77.0.42 --address=/web.other.test/10.77.0.43
serve --listen-address=10.77.0.253 --address=/web.lab.test/10.77.0.99
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
echo ready $$
cat >/dev/null
