#!/bin/bash
# A host: its own network, mounts, processes, name. Lives until its standard input ends.
# usage: unshare --net bash host.sh light|systemd SWITCH_PID NAME LAST_BYTE DIRECTORY ROOT SHARE DOTNET
set -e
kind=$1 switch=$2 name=$3 last=$4 directory=$5 root=$6 share=$7 dotnet=$8
here=$(dirname "$(readlink -f "$0")")
nsenter -t "$switch" --net ip link add "v$last" type veth peer name eth0 netns $$
nsenter -t "$switch" --net ip link set "v$last" master br0 up
ip link set lo up
if [ "$kind" = light ]; then
    ip addr add "10.77.0.$last/24" dev eth0
    ip link set eth0 up
    ip route add default via 10.77.0.254
fi
# An interface that nothing in the host manages.
ip link add eth1 type veth peer name eth1-far
ip link set eth1-far up
ip addr add "10.99.0.$last/24" dev eth1
ip link set eth1 up

# Such a host would keep the right to set the clock, and with it set the clock of the whole machine.
export CAPS=-sys_time,-sys_module,-sys_boot,-sys_rawio,-syslog,-wake_alarm
enter=()
group=
if [ "$kind" = systemd ]; then
    group=$(findmnt -n -t cgroup2 -o TARGET | head -1)/osapi-test-$$
    mkdir "$group"
    # Entered before its namespace is made, so that the host sees it as the top.
    enter=(bash -c 'echo $$ > "$0/cgroup.procs"; exec "$@"' "$group")
fi
end() {
    [ -n "$init" ] && kill -9 "$init" 2>/dev/null
    wait
    for try in $(seq 1 50); do
        [ -z "$group" ] || ! [ -d "$group" ] && break
        find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
        sleep 0.05
    done
}
trap end EXIT
cgroup=()
[ "$kind" = systemd ] && cgroup=(--cgroup)
"${enter[@]}" unshare --mount --uts --ipc --pid "${cgroup[@]}" --fork --kill-child --propagation private \
    bash "$here/$kind-root.sh" "$name" "$directory" "$root" "$share" "$dotnet" "$last" </dev/null >"$directory.log" 2>&1 &
child=$!

# The host's first process is the child of the one that made the namespaces.
wanted=catatonit
[ "$kind" = systemd ] && wanted=systemd
for try in $(seq 1 200); do
    kill -0 $child 2>/dev/null || { cat "$directory.log" >&2; exit 1; }
    for candidate in $(pgrep -P $child); do
        if [ "$(cat "/proc/$candidate/comm" 2>/dev/null)" = $wanted ]; then init=$candidate; fi
    done
    [ -n "$init" ] && break
    sleep 0.05
done
[ -n "$init" ] || { cat "$directory.log" >&2; exit 1; }
echo ready "$init"
cat >/dev/null
