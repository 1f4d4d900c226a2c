using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Tests of the files of the Debian package.</summary>
public sealed class PackageBuildTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("osapi-package-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task Built_twice_it_is_the_same_bytes()
    {
        var first = await DebianPackage.BuildAsync("1.2.3", Path.Combine(directory.FullName, "first"), compressed: true);
        var second = await DebianPackage.BuildAsync("1.2.3", Path.Combine(directory.FullName, "second"), compressed: true);

        Assert.Equal("osapi_1.2.3_amd64.deb", Path.GetFileName(first));
        Assert.True(File.ReadAllBytes(first).AsSpan().SequenceEqual(File.ReadAllBytes(second)), "the packages differ");
    }

    [Fact]
    public async Task Its_files_belong_to_root_and_have_the_time_of_the_commit()
    {
        var package = await DebianPackage.BuildAsync("1.2.3", directory.FullName);

        var files = (await RunAsync("env", "TZ=UTC", "dpkg-deb", "--contents", package)).Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        Assert.All(files, file => Assert.Equal(("root/root", "2026-11-30", "12:00"), (file[1], file[3], file[4])));
        Assert.All(files, file => Assert.Contains(file[0], (string[])["drwxr-xr-x", file[5] == "./usr/bin/osapi" ? "-rwxr-xr-x" : "-rw-r--r--"]));
        Assert.Equal("./usr/bin/osapi", Assert.Single(files, file => file[0] == "-rwxr-xr-x")[5]);
        Assert.All(
            (string[])
            [
                "./etc/osapi/osapi.yaml", "./usr/share/man/man1/osapi.1.gz", "./usr/share/man/man1/osapi-node.1.gz", "./usr/share/man/man5/osapi.yaml.5.gz", "./usr/share/bash-completion/completions/osapi",
                "./usr/share/zsh/vendor-completions/_osapi", "./usr/share/fish/vendor_completions.d/osapi.fish", "./usr/share/doc/osapi/copyright", "./usr/share/doc/osapi/licenses/dotnet-runtime.txt.gz",
                "./usr/lib/systemd/system/osapi.service", "./usr/lib/systemd/system/osapi-agent.service", "./usr/lib/systemd/system/osapi-controller.service",
            ],
            path => Assert.Contains(files, file => file[5] == path));
        Assert.Equal("/etc/osapi/osapi.yaml", await RunAsync("dpkg-deb", "--info", package, "conffiles"));
    }

    [Fact]
    public async Task Lintian_finds_nothing_but_what_the_overrides_explain()
    {
        Needs.Check("lintian");
        var package = await DebianPackage.BuildAsync("1.2.3", directory.FullName, compressed: true);

        var (code, output, error) = await Tool.RunAsync(["lintian", "--allow-root", "--fail-on", "error,warning", "--display-info", "--tag-display-limit", "0", package], TestContext.Current.CancellationToken, TimeSpan.FromMinutes(5));

        Assert.True(code == 0 && output.Trim().Length == 0, output + error);
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        var (code, output, error) = await Tool.RunAsync(command, TestContext.Current.CancellationToken);
        Assert.True(code == 0, error);
        return output.TrimEnd('\n');
    }
}
