using System.Globalization;
using System.Security.Cryptography;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Tests of sources of packages on a booted Debian, with repositories that are signed and that are not.</summary>
[Collection("hosts, one class after the other")]
public sealed class RepositoryHostTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private const string File = "/etc/apt/sources.list.d/osapi-acme.sources";
    private const string Key = "/etc/apt/keyrings/osapi-acme.asc";
    private const string State = "find /etc/apt /var/lib/apt/lists -name partial -prune -o -type f -exec sha256sum {} + | sort";

    private static UpdateRepository Unsigned => new() { Name = "acme", Uris = ["copy:/opt/repo"], Suites = ["./"], Trusted = true };

    [Fact]
    public async Task A_source_is_written_once_its_packages_can_be_installed_and_it_is_removed()
    {
        var host = await FreshAsync();

        await StepAsync(host, PackageOperations.UpdateRepository, Unsigned, changes: true);
        await StepAsync(host, PackageOperations.UpdateRepository, Unsigned, changes: false);
        Assert.Equal("# Written by OSAPI, which replaces changes.\nTypes: deb\nURIs: copy:/opt/repo\nSuites: ./\nTrusted: yes", await host.MustAsync("cat", File));
        Assert.Equal("644 root", await host.MustAsync("stat", "-c", "%a %U", File));
        Assert.True((await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-tool"] })).Changed);

        // An administrator edits it by hand.
        await host.MustAsync("sed", "-i", "s/yes/no/", File);
        await StepAsync(host, PackageOperations.UpdateRepository, Unsigned, changes: true);

        await StepAsync(host, PackageOperations.DeleteRepository, new() { Name = "acme" }, changes: true);
        await StepAsync(host, PackageOperations.DeleteRepository, new() { Name = "acme" }, changes: false);
        Assert.False(System.IO.File.Exists(host.Outside(File)));
    }

    [Fact]
    public async Task A_signed_source_needs_its_own_key()
    {
        var host = await FreshAsync();
        var (key, otherKey) = await SignAsync(host);
        UpdateRepository request = new() { Name = "acme", Uris = ["copy:/opt/repo"], Suites = ["./"], SignedBy = key };

        var before = await host.MustAsync("bash", "-c", State);
        var wrong = await host.ExecuteAsync(PackageOperations.UpdateRepository, request with { SignedBy = otherKey });
        Assert.Equal((Outcome.Failed, ErrorType.Conflict, false), (wrong.Outcome, wrong.ErrorType, wrong.Changed));
        Assert.Contains("is not signed", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(before, await host.MustAsync("bash", "-c", State));

        await StepAsync(host, PackageOperations.UpdateRepository, request, changes: true);
        await StepAsync(host, PackageOperations.UpdateRepository, request, changes: false);
        Assert.True((await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-tool"] })).Changed);

        // Another key for a source that worked: it works as before.
        Assert.Equal(Outcome.Failed, (await host.ExecuteAsync(PackageOperations.UpdateRepository, request with { SignedBy = otherKey })).Outcome);
        await StepAsync(host, PackageOperations.UpdateRepository, request, changes: false);
        await StepAsync(host, PackageOperations.UpdateRepository, request with { SignedBy = null, Trusted = true, Refresh = false }, changes: true);
        Assert.False(System.IO.File.Exists(host.Outside(Key)));
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_taken_back()
    {
        var host = await FreshAsync();
        var before = await host.MustAsync("bash", "-c", State);

        var reply = await host.ExecuteAsync(PackageOperations.UpdateRepository, Unsigned with { Uris = ["http://127.0.0.1:9/none"] });

        Assert.Equal((Outcome.Failed, ErrorType.Unavailable, false), (reply.Outcome, reply.ErrorType, reply.Changed));
        Assert.Equal(before, await host.MustAsync("bash", "-c", State));
    }

    [Fact]
    public async Task Another_source_that_does_not_answer_is_not_in_the_way()
    {
        var host = await FreshAsync();
        await host.MustAsync("sh", "-c", "echo 'deb [trusted=yes] http://127.0.0.1:9/none ./' > /etc/apt/sources.list.d/none.list");

        var reply = await StepAsync(host, PackageOperations.UpdateRepository, Unsigned, changes: true);

        Assert.True(reply.Result!.Value.GetProperty("refreshed").GetBoolean());
    }

    [Fact]
    public async Task A_source_can_be_kept_without_being_used()
    {
        var host = await FreshAsync();

        var reply = await StepAsync(host, PackageOperations.UpdateRepository, Unsigned with { Enabled = false }, changes: true);
        await StepAsync(host, PackageOperations.UpdateRepository, Unsigned with { Enabled = false }, changes: false);

        Assert.False(reply.Result!.Value.GetProperty("refreshed").GetBoolean());
        Assert.Equal(ErrorType.NotFound, (await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-tool"] })).ErrorType);
    }

    // A repository with one package, which is no source yet.
    private async Task<SystemdHost> FreshAsync()
    {
        var host = await booted.GetAsync();
        var repository = await TestRepository.OpenAsync(host);
        await repository.AddAsync("acme-tool", "1.0");
        await host.MustAsync("bash", "-c", "rm -f /etc/apt/keyrings/*; : > /etc/apt/sources.list; apt-get -qq update");
        return host;
    }

    private static async Task<HostReply> StepAsync<TRequest>(SystemdHost host, Operation<TRequest, RepositoryResult> operation, TRequest request, bool changes)
        where TRequest : notnull
    {
        var before = await host.MustAsync("bash", "-c", State);
        var check = await host.ExecuteAsync(operation, request, check: true);
        Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check!.Changed));
        Assert.Equal(before, await host.MustAsync("bash", "-c", State));

        var reply = await host.ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Ok, null, changes), (reply.Outcome, reply.Error, reply.Changed));
        Assert.Equal(changes, before != await host.MustAsync("bash", "-c", State));
        return reply;
    }

    // Signs the repository with a new key, and makes another key.
    private static async Task<(string Key, string OtherKey)> SignAsync(SystemdHost host)
    {
        var packages = await System.IO.File.ReadAllBytesAsync(host.Outside("/opt/repo/Packages"), TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(
            host.Outside("/opt/repo/Release"),
            string.Create(CultureInfo.InvariantCulture, $"Origin: Acme\nSuite: stable\nDate: {TimeProvider.System.GetUtcNow():ddd, dd MMM yyyy HH:mm:ss} UTC\nSHA256:\n {Convert.ToHexStringLower(SHA256.HashData(packages))} {packages.Length} Packages\n"),
            TestContext.Current.CancellationToken);
        var home = Directory.CreateTempSubdirectory("osapi-keys-").FullName;
        try
        {
            foreach (var name in (string[])["acme", "other"])
                await GpgAsync(home, "--quick-gen-key", $"{name}@example.com", "ed25519", "sign", "never");
            await GpgAsync(home, "--local-user", "acme@example.com", "--clearsign", "--output", host.Outside("/opt/repo/InRelease"), host.Outside("/opt/repo/Release"));
            return (await GpgAsync(home, "--armor", "--export", "acme@example.com"), await GpgAsync(home, "--armor", "--export", "other@example.com"));
        }
        finally
        {
            await Tool.RunAsync(["gpgconf", "--homedir", home, "--kill", "all"], CancellationToken.None);
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<string> GpgAsync(string home, params string[] arguments)
    {
        var (code, output, error) = await Tool.RunAsync(["gpg", "--homedir", home, "--batch", "--yes", "--passphrase", "", "--pinentry-mode", "loopback", .. arguments], TestContext.Current.CancellationToken);
        Assert.True(code == 0, error);
        return output;
    }
}
