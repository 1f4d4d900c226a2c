using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Osapi.Architecture.Tests;

/// <summary>Tests of the C sources and the files generated from them.</summary>
public sealed partial class NativeSourceTests
{
    private static readonly string Spawn = Path.Combine(Sources.Repository, "native", "spawn");

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void The_library_that_starts_processes_was_made_of_its_source(string platform) =>
        Assert.Contains($"osapi_spawn.c sha256:{Digest(Path.Combine(Spawn, "osapi_spawn.c"))}", Text(Path.Combine(Spawn, platform, "libosapi_spawn.so")), StringComparison.Ordinal);

    [Theory]
    [InlineData("linux-x64", "gcc")]
    [InlineData("linux-arm64", "aarch64-linux-gnu-gcc")]
    public async Task The_same_compiler_makes_the_same_library_again(string platform, string compiler)
    {
        var built = Path.Combine(Spawn, platform, "libosapi_spawn.so");
        var version = MadeBy.Match(Text(built)).Groups[1].Value;
        // Another compiler may produce different code. The digest above is valid for any.
        if (await OutputAsync(compiler, "-dumpfullversion") is not { } present || present.Trim() != version)
            return;
        var directory = Directory.CreateTempSubdirectory("osapi-spawn-");
        try
        {
            Assert.NotNull(await OutputAsync("sh", Path.Combine(Spawn, "build.sh"), directory.FullName));

            Assert.Equal(Digest(built), Digest(Path.Combine(directory.FullName, platform, "libosapi_spawn.so")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_page_about_sqlite_has_the_version_and_the_digest_of_the_source()
    {
        var source = Path.Combine(Sources.Repository, "native", "sqlite", "sqlite3.c");
        var head = SqliteVersion.Match(File.ReadAllText(source));
        var page = Sources.Text("native/sqlite/README.md");

        Assert.Contains($"SQLite {head.Groups[1].Value}, check-in `{head.Groups[2].Value}`", page, StringComparison.Ordinal);
        Assert.Contains(Digest(source), page, StringComparison.Ordinal);
    }

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string Text(string file) => Encoding.Latin1.GetString(File.ReadAllBytes(file));

    // Null when there is no such program, or it failed.
    private static async Task<string?> OutputAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"GCC: \([^)]*\) (\d+\.\d+\.\d+)")]
    private static partial Regex MadeBy { get; }

    [GeneratedRegex("""#define SQLITE_VERSION +"([^"]+)"[\s\S]*?#define SQLITE_SOURCE_ID +"\S+ \S+ ([0-9a-f]{64})["]""")]
    private static partial Regex SqliteVersion { get; }
}
