#!/bin/bash
# Inside new namespaces: systemd as the first process, on a root of its own over a prepared Debian.
set -e
name=$1 directory=$2 golden=$3 share=$4 dotnet=$5 last=$6
hostname "$name"
mount -t tmpfs -o size=512m tmpfs "$directory"
mkdir "$directory"/{up,work,root}
mount -t overlay overlay -o "lowerdir=$golden,upperdir=$directory/up,workdir=$directory/work" "$directory/root"
cd "$directory/root"
mount -t proc proc proc
# systemd would raise limits of the whole machine where it may.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,rw proc/sys/net
mount -t sysfs sysfs sys
mount --bind sys/devices/virtual/net sys/devices/virtual/net
mount -o remount,bind,ro sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do touch dev/$node; mount --bind /dev/$node dev/$node; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
echo "$name" > etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" > etc/hosts
rm -f etc/machine-id
tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service getty@tty1.service console-getty.service; do
    ln -sf /dev/null "etc/systemd/system/$unit"
done
mkdir -p etc/netplan
cat > etc/netplan/50-network.yaml <<YAML
# The operator's own file.
network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      addresses: [10.77.0.$last/24]
      routes: [{to: default, via: 10.77.0.254}]
      nameservers: {addresses: [10.77.0.254], search: [lab.test]}
YAML
chmod 600 etc/netplan/50-network.yaml
mount --bind "$share" srv
mkdir -p usr/share/dotnet
mount --bind "$dotnet" usr/share/dotnet
mkdir -p .old
pivot_root . .old
umount -l /.old
rmdir /.old
exec setpriv --bounding-set "$CAPS" env -i container=unshare PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --show-status=no
