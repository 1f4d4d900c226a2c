namespace Osapi.Agent.Tests.Node;

/// <summary>/proc/self/mountinfo as machines have it.</summary>
internal static class MountTables
{
    public const string Debian = """
        22 28 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
        23 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
        24 28 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=2003268k,nr_inodes=500817,mode=755,inode64
        25 24 0:22 / /dev/pts rw,nosuid,noexec,relatime shared:3 - devpts devpts rw,gid=5,mode=620,ptmxmode=000
        26 28 0:23 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=403564k,mode=755,inode64
        28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
        29 22 0:6 / /sys/kernel/security rw,nosuid,nodev,noexec,relatime shared:8 - securityfs securityfs rw
        30 24 0:24 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw,inode64
        32 22 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
        36 23 0:30 / /proc/sys/fs/binfmt_misc rw,relatime shared:13 - autofs systemd-1 rw,fd=29,pgrp=1,timeout=0,minproto=5,maxproto=5,direct,pipe_ino=12345
        37 24 0:19 / /dev/mqueue rw,nosuid,nodev,noexec,relatime shared:14 - mqueue mqueue rw
        90 28 8:15 / /boot/efi rw,relatime shared:44 - vfat /dev/sda15 rw,fmask=0077,dmask=0077,codepage=437,iocharset=ascii,shortname=mixed,utf8,errors=remount-ro
        95 28 254:1 / /srv/my\040data rw,relatime shared:46 - xfs /dev/mapper/vg0-data rw,attr2,inode64,logbufs=8,logbsize=32k,noquota
        97 28 254:1 /web /var/www rw,relatime shared:46 - xfs /dev/mapper/vg0-data rw,attr2,inode64,logbufs=8,logbsize=32k,noquota
        99 28 0:45 / /mnt/share rw,relatime shared:48 - nfs4 filer:/export/home rw,vers=4.2,rsize=1048576,wsize=1048576,hard,proto=tcp
        101 28 0:46 / /mnt/windows rw,relatime shared:50 - cifs //filer/share rw,vers=3.1.1,cache=strict
        103 28 0:47 / /mnt/remote rw,nosuid,nodev,relatime shared:52 - fuse.sshfs me@far:/ rw,user_id=0,group_id=0
        105 28 0:48 / /mnt/odd rw,nosuid,nodev,relatime shared:54 - fuse /dev/fuse rw,user_id=0,group_id=0
        107 28 8:33 / /mnt/stick rw,relatime shared:56 - fuseblk /dev/sdc1 rw,user_id=0,group_id=0,allow_other,blksize=4096

        """;

    public const string UbuntuWithSnaps = """
        29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
        71 29 7:0 / /snap/core20/2318 ro,nodev,relatime shared:36 - squashfs /dev/loop0 ro,errors=continue,threads=single
        72 29 7:1 / /snap/lxd/24322 ro,nodev,relatime shared:38 - squashfs /dev/loop1 ro,errors=continue,threads=single
        75 29 259:1 / /boot/efi rw,relatime shared:44 - vfat /dev/nvme0n1p1 rw,fmask=0077,dmask=0077
        80 29 7:9 / /mnt/disk.img rw,relatime shared:45 - ext4 /dev/loop9 rw
        81 29 11:0 / /media/cdrom ro,relatime shared:47 - iso9660 /dev/sr0 ro,nojoliet,check=s,map=n,blocksize=2048
        98 26 0:24 /snapd/ns /run/snapd/ns rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=1626448k,mode=755,inode64
        99 98 0:4 mnt:[4026532561] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw

        """;

    public const string FedoraBtrfs = """
        60 1 0:33 /root / rw,relatime shared:1 - btrfs /dev/sda3 rw,seclabel,compress=zstd:1,ssd,space_cache=v2,subvolid=257,subvol=/root
        39 60 0:37 / /tmp rw,nosuid,nodev shared:18 - tmpfs tmpfs rw,seclabel,nr_inodes=1048576,inode64
        92 60 0:40 /home /home rw,relatime shared:46 - btrfs /dev/sda3 rw,seclabel,compress=zstd:1,ssd,space_cache=v2,subvolid=256,subvol=/home
        95 60 8:2 / /boot rw,relatime shared:48 - ext4 /dev/sda2 rw,seclabel
        98 95 8:1 / /boot/efi rw,relatime shared:50 - vfat /dev/sda1 rw,fmask=0077
        120 60 0:33 /root/var/lib/machines /var/lib/machines rw,relatime shared:1 - btrfs /dev/sda3 rw,seclabel,subvolid=257,subvol=/root

        """;

    public const string Container = """
        1017 912 0:120 / / rw,relatime master:440 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/AAA:/var/lib/docker/overlay2/l/BBB,upperdir=/var/lib/docker/overlay2/x/diff,workdir=/var/lib/docker/overlay2/x/work
        1018 1017 0:123 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
        1019 1017 0:124 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755,inode64
        1024 1017 8:1 /var/lib/docker/volumes/data/_data /var/lib/postgresql/data rw,relatime master:1 - ext4 /dev/sda1 rw,discard,errors=remount-ro
        1025 1017 8:1 /var/lib/docker/containers/c0ffee/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/sda1 rw,discard,errors=remount-ro
        1026 1017 8:1 /var/lib/docker/containers/c0ffee/hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw,discard,errors=remount-ro
        1027 1017 8:1 /var/lib/docker/containers/c0ffee/hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw,discard,errors=remount-ro

        """;

    public const string Zfs = """
        28 1 0:25 / / rw,relatime shared:1 - zfs rpool/ROOT/debian rw,xattr,noacl
        60 28 0:40 / /home rw,relatime shared:20 - zfs rpool/home rw,xattr,noacl
        61 28 0:40 /me /srv/me rw,relatime shared:20 - zfs rpool/home rw,xattr,noacl
        70 28 8:1 / /boot/efi rw,relatime shared:30 - vfat /dev/sda1 rw

        """;

    public const string AlpineRaspberry = """
        15 1 179:2 / / rw,noatime - ext4 /dev/root rw
        16 15 0:5 / /dev rw,nosuid,noexec,relatime - devtmpfs devtmpfs rw,size=10240k,nr_inodes=232961,mode=755
        30 15 179:1 / /boot rw,relatime - vfat /dev/mmcblk0p1 rw
        31 15 179:2 /var/data /data rw,noatime - ext4 /dev/mmcblk0p2 rw

        """;

    public const string MountedOver = """
        20 1 0:2 / / rw - rootfs rootfs rw
        28 20 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        40 28 8:17 / /mnt rw,relatime shared:2 - ext4 /dev/sdb1 rw
        41 40 8:33 / /mnt rw,relatime shared:3 - xfs /dev/sdc1 rw

        """;
}
