using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class DiskTests : IDisposable
{
    private readonly HostTree tree = new();

    public void Dispose() => tree.Dispose();

    [Theory]
    [InlineData(MountTables.Debian, "/ /boot/efi /mnt/stick /srv/my_data")]
    [InlineData(MountTables.UbuntuWithSnaps, "/ /boot/efi /mnt/disk.img")]
    [InlineData(MountTables.FedoraBtrfs, "/ /boot /boot/efi")]
    [InlineData(MountTables.Zfs, "/ /boot/efi /home")]
    [InlineData(MountTables.AlpineRaspberry, "/ /boot")]
    [InlineData(MountTables.MountedOver, "/ /mnt")]
    public async Task Each_local_file_system_is_listed_once_where_all_of_it_is_or_at_its_shortest_path(string mounts, string expected)
    {
        // Every mount point is there, also those that must not be listed.
        tree.With("/proc/self/mountinfo", mounts).WithDirectories(tree.Host.ReadMounts().Select(mount => mount.Point));

        var disks = (await tree.AskAsync(NodeOperations.Disk)).Result!.Disks;

        Assert.Equal(expected, string.Join(' ', disks.Select(disk => disk.Name.Replace(' ', '_'))));
        Assert.All(disks, disk => Assert.True(disk.Total > 0 && disk.Used > 0 && disk.Free > 0 && disk.Used + disk.Free <= disk.Total, disk.ToString()));
    }

    [Fact]
    public async Task In_a_container_the_root_counts_and_single_files_do_not()
    {
        tree.With("/proc/self/mountinfo", MountTables.Container).With("/etc/hosts", "").With("/etc/hostname", "").With("/etc/resolv.conf", "")
            .WithDirectories("/var/lib/postgresql/data", "/dev");

        Assert.Equal(["/", "/var/lib/postgresql/data"], (await tree.AskAsync(NodeOperations.Disk)).Result!.Disks.Select(disk => disk.Name));
    }

    [Fact]
    public void Networks_are_not_even_looked_at()
    {
        tree.With("/proc/self/mountinfo", MountTables.Debian);

        // Only what this gives is asked for its space.
        var looked = Mounts.Local(tree.Host.ReadMounts()).SelectMany(same => same).Select(mount => mount.Point);

        Assert.DoesNotContain(looked, point => point is "/mnt/share" or "/mnt/windows" or "/mnt/remote" or "/mnt/odd");
    }

    [Fact]
    public async Task A_mount_that_cannot_be_seen_is_left_out_or_shown_where_it_can()
    {
        // /srv/my data is not there, /var/www shows the same file system.
        tree.With("/proc/self/mountinfo", MountTables.Debian).WithDirectories("/var/www");

        Assert.Equal(["/", "/var/www"], (await tree.AskAsync(NodeOperations.Disk)).Result!.Disks.Select(disk => disk.Name));
    }

    [Theory]
    [InlineData(@"/a\040b\011c\012d\134e", "/a b\tc\nd\\e")]
    [InlineData(@"/plain", "/plain")]
    [InlineData(@"/end\04", @"/end\04")]
    [InlineData(@"/odd\999\", @"/odd\999\")]
    [InlineData("/gr\u00f6\u00dfe", "/gr\u00f6\u00dfe")]
    public void Escapes_of_the_kernel_are_undone(string written, string point)
    {
        tree.With("/proc/self/mountinfo", $"28 1 8:1 / {written} rw - ext4 /dev/sda1 rw\n");

        Assert.Equal(point, Assert.Single(tree.Host.ReadMounts()).Point);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("garbage\n28 1 8:1 / / rw\n - - - -\n28 1 8:1 / / rw shared:1 ext4 /dev/sda1 rw\n")]
    public async Task Lines_that_are_none_are_passed_over(string mounts)
    {
        var answer = await tree.With("/proc/self/mountinfo", mounts).AskAsync(NodeOperations.Disk);

        Assert.Equal(Outcome.Ok, answer.Outcome);
        Assert.Empty(answer.Result!.Disks);
    }

    [Fact]
    public async Task A_missing_table_is_named()
    {
        var answer = await tree.AskAsync(NodeOperations.Disk);

        Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (answer.Outcome, answer.ErrorType));
        Assert.StartsWith("/proc/self/mountinfo cannot be read", answer.Error, StringComparison.Ordinal);
    }
}
