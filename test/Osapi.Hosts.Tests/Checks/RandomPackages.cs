using Osapi.Hosts.Tests.Hosts;
using Osapi.Hosts.Tests.Packages;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Packages of a repository of the host, each of its own, and repositories.</summary>
internal sealed class RandomPackages(Random random) : RandomKinds(random)
{
    private const string Place = "/opt/repo";
    private const string Extra = "/etc/apt/sources.list.d/osapi-extra.sources";

    private int packages;

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [Install, Install, Remove, Hold, Upgrade, Repository];

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Alone => [Refresh, UpgradeAll];

    /// <summary>Fills the host's repository. Each package needs a library, and has a configuration file.</summary>
    public static async Task FillAsync(TestHost host)
    {
        var repository = await TestRepository.OpenAsync(host);
        for (var index = 0; index < 6; index++)
        {
            await repository.AddAsync($"acme-lib{index}", "1.0");
            await repository.AddAsync($"acme-user{index}", "1.0", $"Depends: acme-tool{index}");
            foreach (var version in (string[])["1.0", "1.1"])
                await repository.AddAsync($"acme-tool{index}", version, $"Depends: acme-lib{index}", conffile: "port = 1\n");
        }

        await repository.ReadyAsync();
        await host.MustAsync("sh", "-c", "mkdir -p /opt/extra; : > /opt/extra/Packages; echo nothing > /opt/extra/about");
    }

    /// <summary>A line of shell that removes every package and repository of the plan before.</summary>
    public const string Clearing =
        "rm -f " + Extra + "; dpkg --purge --force-all $(dpkg-query -W -f '${Package}\\n' 'acme-*' 2>/dev/null) > /dev/null 2>&1; apt-mark showhold | xargs -r apt-mark unhold > /dev/null; [ -e /var/lib/apt/lists/*_Packages ] || apt-get -q update > /dev/null";

    /// <summary>Lines of shell that print the states of the packages.</summary>
    public const string Listing = "dpkg-query -W -f '${Package} ${Version} ${Status}\\n' 'acme-*' 2> /dev/null; apt-mark showauto; apt-mark showhold; find /var/lib/dpkg/status /var/lib/apt/lists -maxdepth 1 -printf '%p %C@\\n'";

    private IEnumerable<RandomTask> Install()
    {
        var (name, state, lines) = Package();
        var isLatest = Once(3);
        InstallPackages request = new()
        {
            Names = [isLatest ? name : Pick(name, name, $"{name}=1.0", $"{name}=1.1", $"{name}=9", "acme-none")],
            State = isLatest ? PackageState.Latest : null,
            AllowDowngrade = OnceTrue(3),
            AllowHeld = OnceTrue(3),
        };
        return [After(state, lines, PackageOperations.Install, request)];
    }

    private IEnumerable<RandomTask> Remove()
    {
        var (name, state, lines) = Package();
        RemovePackages request = new()
        {
            Names = [Once(8) ? "acme-none" : name],
            Purge = OnceTrue(2),
            AllowDependents = OnceTrue(2),
            AllowHeld = OnceTrue(3),
        };
        return [After(state, lines, PackageOperations.Remove, request)];
    }

    private IEnumerable<RandomTask> Hold()
    {
        var (name, state, lines) = Package();
        return [After(state, lines, PackageOperations.Hold, new() { Names = [name], Held = Once(2) })];
    }

    private IEnumerable<RandomTask> Upgrade()
    {
        var (name, state, lines) = Package();
        return [After(state, lines, PackageOperations.Upgrade, new() { Only = [name] })];
    }

    private IEnumerable<RandomTask> UpgradeAll()
    {
        var ((_, one, lines), (_, other, more)) = (Package(), Package());
        return [After($"{one}; {other}", $"{lines}; {more}", PackageOperations.Upgrade, new() { Mode = Once(2) ? UpgradeMode.Full : null })];
    }

    private IEnumerable<RandomTask> Refresh()
    {
        var lines = Pick("apt-get -q update > /dev/null", "rm -rf /var/lib/apt/lists/*", "touch -d '2 hours ago' /var/lib/apt/lists /var/lib/apt/lists/* /var/lib/apt/periodic/* 2> /dev/null || true");
        return [After(lines, lines, PackageOperations.Refresh, new() { OlderThan = Pick<int?>(null, 3600) })];
    }

    private IEnumerable<RandomTask> Repository()
    {
        var state = Pick("missing", "there", "there and edited", "there, of others");
        UpdateRepository request = new() { Name = "extra", Uris = ["copy:/opt/extra"], Suites = ["./"], Trusted = true, Refresh = Once(2) ? false : null, Enabled = Once(4) ? false : null };
        return [Once(2)
            ? RandomTask.OnHost($"the repository is {state}", PackageOperations.UpdateRepository, request, PrepareAsync)
            : RandomTask.OnHost($"the repository is {state}", PackageOperations.DeleteRepository, new() { Name = "extra" }, PrepareAsync)];

        async Task PrepareAsync(CheckPlace place)
        {
            if (state.StartsWith("there", StringComparison.Ordinal))
                Assert.Equal(Outcome.Ok, (await place.Client.Package.UpdateRepositoryAsync(CheckPlace.Agent, request with { Refresh = false, Enabled = null })).Hosts[0].Outcome);
            if (state == "there and edited")
                await place.ShellAsync($"echo '# by hand' >> {Extra}");
            if (state == "there, of others")
                await place.ShellAsync($"sed -i '/^#/d' {Extra}");
        }
    }

    private (string Name, string State, string Lines) Package()
    {
        var index = packages++;
        var name = $"acme-tool{index}";
        var state = Pick("absent", "old", "new", "removed", "held", "needed", "automatic", "edited");
        const string Old = "1.0";
        var lines = state switch
        {
            "absent" => "true",
            "new" => Unpacked("1.1"),
            "removed" => $"{Unpacked(Old)}; dpkg --remove {name} > /dev/null",
            "held" => $"{Unpacked(Old)}; apt-mark hold {name} > /dev/null",
            "needed" => $"{Unpacked(Old)}; dpkg -i {Place}/acme-user{index}_1.0_all.deb > /dev/null",
            "automatic" => $"{Unpacked(Old)}; apt-mark auto {name} > /dev/null",
            "edited" => $"{Unpacked(Old)}; echo 'port = 2' > /etc/{name}.conf",
            _ => Unpacked(Old),
        };
        return (name, $"{name} is {state}", lines);

        string Unpacked(string version) => $"dpkg -i {Place}/acme-lib{index}_1.0_all.deb {Place}/{name}_{version}_all.deb > /dev/null";
    }
}
