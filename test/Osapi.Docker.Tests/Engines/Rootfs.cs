using System.Formats.Tar;
using System.Text;

namespace Osapi.Docker.Tests.Engines;

/// <summary>The smallest useful root file system: a static busybox under several names.</summary>
internal static class Rootfs
{
    private static readonly string[] Programs = ["sh", "sleep", "echo", "cat", "ls", "env", "hostname", "true", "false", "setsid", "yes", "head", "dd", "trap", "kill", "ps", "pwd", "id", "httpd"];

    public static byte[] Tar(string version)
    {
        using MemoryStream stream = new();
        using (TarWriter tar = new(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var directory in (string[])["bin", "etc", "tmp", "data"])
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, directory) { Mode = (UnixFileMode)0b111_101_101 });
            using var busybox = File.OpenRead("/bin/busybox");
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = busybox });
            foreach (var program in Programs)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{program}") { LinkName = "busybox" });
            Text(tar, "etc/passwd", "root:x:0:0:root:/:/bin/sh\n");
            Text(tar, "etc/version", version + "\n");
            Text(tar, "etc/plain", "not a program\n");
        }

        return stream.ToArray();
    }

    private static void Text(TarWriter tar, string name, string text)
    {
        using MemoryStream content = new(Encoding.UTF8.GetBytes(text));
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { Mode = (UnixFileMode)0b110_100_100, DataStream = content });
    }
}
