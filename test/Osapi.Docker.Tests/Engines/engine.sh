#!/usr/bin/env bash
# An engine of its own, below one directory, that touches no network of the machine. It says "ready" and its process id, and
# ends with everything that it started when its standard input ends, in whatever way that comes about.
# usage: engine.sh dockerd|dockerd-net|podman DIRECTORY    dockerd-net has a network of its own, with Docker's bridge
set -u
kind=$1 dir=$2
mkdir -p "$dir"

# The mounts of the engine are seen by nobody else, and go with it.
if [[ "${OSAPI_ENGINE_NAMESPACE:-}" != "yes" ]]; then
    OSAPI_ENGINE_NAMESPACE=yes exec unshare --mount --propagation private $([[ "$kind" == dockerd-net ]] && echo --net) bash "$0" "$kind" "$dir"
fi

docker_daemon() {
    echo '{}' > "$dir/daemon.json"
    exec dockerd --config-file "$dir/daemon.json" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/engine.pid" \
        --host "unix://$dir/engine.sock" --cgroup-parent "/osapi-$(basename "$dir")" "$@" >> "$dir/engine.log" 2>&1 < /dev/null
}

start_dockerd() {
    docker_daemon --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --bridge=none --userland-proxy=false &
}

start_dockerd-net() {
    ip link set lo up
    docker_daemon &
}

start_podman() {
    local files
    files=$(ulimit -Hn)
    cat > "$dir/containers.conf" <<END
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=32768:32768"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
END
    CONTAINERS_CONF="$dir/containers.conf" CONTAINERS_REGISTRIES_CONF="$dir/registries.conf" podman --root "$dir/data" --runroot "$dir/exec" \
        system service --time=0 "unix://$dir/engine.sock" >> "$dir/engine.log" 2>&1 < /dev/null &
}

# What belongs to the engine: it is named by the directory, or by the id of one of its containers.
belongings() {
    {
        grep -lz -F -- "$dir" /proc/[0-9]*/cmdline
        grep -l -F -e "osapi-$(basename "$dir")" /proc/[0-9]*/cgroup
        for id in $(ls "$dir/data/containers" "$dir/data/overlay-containers" 2> /dev/null | grep -E '^[0-9a-f]{64}$'); do
            grep -l -F -e "$id" /proc/[0-9]*/cgroup
        done
    } 2> /dev/null | cut -d/ -f3 | sort -u | grep -v -x -e "$$" -e "$BASHPID" -e "$PPID"
}

# Not a job of this shell, which would remark on its end.
"start_$kind"
engine=$!
disown "$engine"
echo "ready $engine"
# "again" starts it anew after a test has killed it.
while read -r line; do
    if [[ "$line" == again ]]; then
        "start_$kind"
        engine=$!
        disown "$engine"
        echo "ready $engine"
    fi
done

kill "$engine" 2> /dev/null
for _ in {1..50}; do
    kill -0 "$engine" 2> /dev/null || break
    sleep 0.1
done
for _ in {1..20}; do
    left=$(belongings)
    [[ -z "$left" ]] && break
    for pid in $left; do kill -9 "$pid" 2> /dev/null; done
    sleep 0.1
done
find /sys/fs/cgroup -depth -type d \( -path "*/osapi-$(basename "$dir")*" \) -exec rmdir {} \; 2> /dev/null
awk -v d="$dir/" 'index($2, d) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r mounted; do umount -l "$mounted"; done
rm -rf "$dir"
