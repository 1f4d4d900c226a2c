using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Hosting;

/// <summary>
/// Tests of the published executable in a root directory that has nothing else but the C library, OpenSSL and the
/// devices.
/// </summary>
public sealed class ExecutableAloneTests : CliTest
{
    private static readonly string[] Crypto = ["libssl.so.3", "libcrypto.so.3"];

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("OSAPI_BIN") is not { Length: > 0 }, "NOT TESTED: OSAPI_BIN names no published executable");
        Assert.SkipWhen(Environment.UserName != "root", "NOT TESTED: a root directory of its own needs root");
        foreach (var directory in (ReadOnlySpan<string>)["dev", "proc", "tmp"])
            Directory.CreateDirectory(Path.Join(Root, directory));
        File.Copy(Programs.Osapi, Path.Join(Root, "osapi"));
        File.Copy(PlanTexts.QuickStart, Path.Join(Root, "plan.yaml"));
        foreach (var library in await LibrariesAsync(Programs.Osapi))
            Bring(library);
    }

    private string Root => Path.Join(fixture.Directory, "root");

    [Fact]
    public async Task It_needs_the_c_library_only() =>
        Assert.All(await LibrariesAsync(Programs.Osapi), library => Assert.Matches(@"/(libc|libm)\.so\.6$|/ld-linux-[^/]*$", library));

    [Fact]
    public async Task It_runs_the_quick_start()
    {
        await BringCryptoAsync(Crypto);

        var ended = (await RunAsync("run", "/plan.yaml")).With(ExitCode.Ok);

        Assert.Contains("5 tasks, 5 unchanged", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error", ended.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_openssl_it_says_in_one_line_what_is_missing()
    {
        var without = (await RunAsync("run", "/plan.yaml")).With(ExitCode.Failed);
        await BringCryptoAsync("libcrypto.so.3");
        var half = (await RunAsync("run", "/plan.yaml")).With(ExitCode.Failed);

        Assert.StartsWith("error: OpenSSL is missing: libcrypto.so.3 and libssl.so.3 cannot be loaded (", Assert.Single(without.ErrorLines), StringComparison.Ordinal);
        Assert.StartsWith("error: OpenSSL is missing: libssl.so.3 cannot be loaded (", Assert.Single(half.ErrorLines), StringComparison.Ordinal);
        (await RunAsync("version")).With(ExitCode.Ok);
        (await RunAsync("--help")).With(ExitCode.Ok);
    }

    [Fact]
    public async Task Without_devices_it_says_in_one_line_what_is_missing()
    {
        await BringCryptoAsync(Crypto);

        var ended = (await RunInAsync("true", "run", "/plan.yaml")).With(ExitCode.Failed);

        Assert.Equal("error: /dev/urandom, the source of random numbers, does not exist", Assert.Single(ended.ErrorLines));
    }

    private Task<ProcessResult> RunAsync(params string[] arguments) => RunInAsync("mount --rbind /dev $0/dev", arguments);

    private Task<ProcessResult> RunInAsync(string preparation, params string[] arguments) =>
        fixture.RunProgramAsync("env", ["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "unshare", "--mount", "--pid", "--fork", $"--mount-proc={Path.Join(Root, "proc")}", "sh", "-c", $"{preparation} && exec chroot $0 /osapi \"$@\"", Root, .. arguments]);

    // The libraries of this machine, and their dependencies.
    private async Task BringCryptoAsync(params string[] names)
    {
        var known = (await fixture.RunProgramAsync("/sbin/ldconfig", "-p")).With(0).Lines;
        foreach (var name in names)
        {
            var file = known.First(line => line.Trim().StartsWith(name + " ", StringComparison.Ordinal)).Split("=> ")[1];
            foreach (var library in (await LibrariesAsync(file)).Where(library => names.Contains(Path.GetFileName(library)) || !Crypto.Contains(Path.GetFileName(library))).Append(file))
                Bring(library);
        }
    }

    private void Bring(string library)
    {
        var place = Path.Join(Root, library);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Copy(library, place, overwrite: true);
    }

    // "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x...)", "/lib64/ld-linux-x86-64.so.2 (0x...)", and the kernel's own without a path.
    private async Task<List<string>> LibrariesAsync(string file) =>
        [.. (await fixture.RunProgramAsync("ldd", file)).With(0).Lines.SelectMany(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(word => word.StartsWith('/'))];
}
