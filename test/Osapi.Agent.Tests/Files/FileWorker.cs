using Osapi.Agent.Hosts.Files;

namespace Osapi.Agent.Tests.Files;

/// <summary>
/// The entry point of a process that replaces a file repeatedly and reports each replacement, until it is killed.
/// </summary>
internal static class FileWorker
{
    public const string Argument = "--file-worker";

    public static async Task<int> RunAsync(string directory)
    {
        using var open = HostDirectory.Open(new() { Name = "worker" }, directory, create: false)!;
        using var output = Console.OpenStandardOutput();
        FileReplacement replacement = new(open, "app.conf");
        for (var turn = 0; ; turn++)
        {
            var content = Content((char)('a' + turn % 26));
            await replacement.RunAsync((stream, stop) => stream.WriteAsync(content, stop).AsTask(), 0x1A4, null, null, CancellationToken.None);
            output.Write("replaced\n"u8);
        }
    }

    /// <summary>Creates content whose every byte identifies its version.</summary>
    public static byte[] Content(char version) => [.. Enumerable.Repeat((byte)version, 200_000 + version)];

    public static void AssertWhole(string path)
    {
        var content = File.ReadAllBytes(path);
        Assert.Equal(Content((char)content[0]), content);
    }
}
