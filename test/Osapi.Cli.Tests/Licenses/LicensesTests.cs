using System.Text.Json;
using System.Xml.Linq;
using Osapi.Cli.Commands;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Licenses;

/// <summary>Tests that the executable names every component in it; OSAPI_APPROVE=1 writes the list.</summary>
public sealed class LicensesTests : CliTest
{
    private static readonly string Texts = Path.Combine(Programs.Repository, "licenses");

    // They build the executable, and are not in it.
    private static readonly string[] BuildOnly =
        ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.DotNet.ILCompiler", "Microsoft.NET.ILLink.Tasks", "SQLitePCLRaw.lib.e_sqlite3", "SQLitePCLRaw.bundle_e_sqlite3"];

    [Fact]
    public void Every_locked_package_is_listed_with_its_license()
    {
        var file = Path.Combine(Texts, "packages.txt");
        var packages = Packages().Select(package => string.Join('\t', Component(package.Name, package.Version))).ToList();

        if (Environment.GetEnvironmentVariable("OSAPI_APPROVE") == "1")
            File.WriteAllText(file, string.Join('\n', packages) + "\n");
        Assert.NotEmpty(packages);
        Assert.Equal(string.Join('\n', packages) + "\n", File.ReadAllText(file));
    }

    [Fact]
    public void The_notices_are_those_of_the_runtime_that_the_executable_is_compiled_with()
    {
        var version = LockedVersions("net10.0").Single(package => package.Name == "Microsoft.DotNet.ILCompiler").Version;

        Assert.Equal(Notices($"microsoft.netcore.app.runtime.nativeaot.linux-x64/{version}"), File.ReadAllText(Path.Combine(Texts, "dotnet-runtime.txt")));
        Assert.Equal(Notices($"microsoft.aspnetcore.app.runtime.linux-x64/{version}"), File.ReadAllText(Path.Combine(Texts, "aspnetcore.txt")));
    }

    [Fact]
    public async Task The_texts_of_all_licenses_are_in_the_executable()
    {
        var end = (await fixture.RunAsync("licenses", "--text")).With(0);

        foreach (var component in LicensesCommand.Components())
            Assert.Contains(component[0], end.Output, StringComparison.Ordinal);
        foreach (var text in Directory.GetFiles(Texts, "*.txt").Where(path => Path.GetFileName(path) != "packages.txt"))
            Assert.Contains(File.ReadLines(text).First(line => line.Trim().Length > 20), end.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string Version)> Packages() => LockedVersions("net10.0").ExceptBy(BuildOnly, package => package.Name);

    private static IEnumerable<(string Name, string Version)> LockedVersions(string framework)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Programs.Repository, "src", "Osapi.Cli", "packages.lock.json")));
        return [.. file.RootElement.GetProperty("dependencies").GetProperty(framework).EnumerateObject()
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!))];
    }

    private static string[] Component(string name, string version)
    {
        var metadata = XDocument.Load(Path.Combine(Cache, $"{name}/{version}/{name}.nuspec".ToLowerInvariant())).Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
        var license = metadata["license"].Single();
        Assert.True(File.Exists(Path.Combine(Texts, license + ".txt")), $"{name} has the license {license}, whose text is not in licenses/");
        return [name, version, license, (metadata["copyright"].FirstOrDefault(text => text.Length > 0) ?? metadata["authors"].Single()).ReplaceLineEndings(" ").Trim()];
    }

    private static string Notices(string package) => File.ReadAllText(Path.Combine(Cache, package, "THIRD-PARTY-NOTICES.TXT")).Replace("\r", "", StringComparison.Ordinal);

    private static string Cache { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
