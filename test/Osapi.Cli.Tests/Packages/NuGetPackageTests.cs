using System.IO.Compression;
using System.Text.RegularExpressions;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Packages;

/// <summary>Tests of the NuGet packages: a new console project with the program of docs/plans-in-csharp.md uses them from a directory.</summary>
public sealed partial class NuGetPackageTests : CliTest
{
    private static readonly string[] Names = ["Osapi.Operations", "Osapi.Client", "Osapi.Orchestrator", "Osapi.Testing"];

    [Fact]
    public async Task The_program_and_the_test_of_the_page_run_with_the_packages_of_a_new_project()
    {
        var feed = await PackAsync();
        var files = Files().Matches(await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "docs", "plans-in-csharp.md"), TestContext.Current.CancellationToken))
            .ToDictionary(file => file.Groups["name"].Value, file => file.Groups["text"].Value);
        var system = await fixture.StartSystemAsync();
        fixture.Environment["OSAPI_URL"] = system.Url;
        fixture.Environment["OSAPI_TOKEN"] = await fixture.TokenAsync("admin");

        var program = await BuildAsync(feed, "deployment", "Osapi.Orchestrator", new() { ["Deployment.cs"] = files["Deployment.cs"], ["Program.cs"] = files["Program.cs"] });
        var tests = await BuildAsync(feed, "deployment-tests", "Osapi.Testing", new()
        {
            ["Deployment.cs"] = files["Deployment.cs"],
            ["DeploymentTests.cs"] = files["DeploymentTests.cs"],
            ["Program.cs"] = "await DeploymentTests.Nothing_is_announced_when_the_deployment_failed(); Console.WriteLine(\"passed\");",
        });

        var first = (await fixture.RunProgramAsync("dotnet", program, fixture.Directory)).With(0);
        var second = (await fixture.RunProgramAsync("dotnet", program, fixture.Directory)).With(0);
        Assert.Equal(["disk: unchanged", "stamp: changed", "announce: changed"], first.Lines[..^1]);
        Assert.Equal(["disk: unchanged", "stamp: skipped", "announce: skipped"], second.Lines[..^1]);
        Assert.True(File.Exists(Path.Combine(fixture.Directory, "deployed")));
        Assert.Equal("passed", Assert.Single((await fixture.RunProgramAsync("dotnet", tests)).With(0).Lines));
    }

    [Fact]
    public async Task Each_package_has_its_page_its_documentation_its_symbols_and_the_commit()
    {
        var feed = await PackAsync();

        Assert.Equal(Names.SelectMany(name => new[] { $"{name}.0.2.0.nupkg", $"{name}.0.2.0.snupkg" }).Order(StringComparer.Ordinal), Directory.GetFiles(feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var name in Names)
        {
            await using var package = await ZipFile.OpenReadAsync(Path.Combine(feed, $"{name}.0.2.0.nupkg"), TestContext.Current.CancellationToken);
            Assert.All([$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "README.md", $"{name}.nuspec"], path => Assert.NotNull(package.GetEntry(path)));
            Assert.All(package.Entries, entry => Assert.Equal(new DateTime(2026, 11, 30, 12, 0, 0), entry.LastWriteTime.DateTime));
            using StreamReader reader = new(await package.GetEntry($"{name}.nuspec")!.OpenAsync(TestContext.Current.CancellationToken));
            var nuspec = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Contains("<license type=\"expression\">MIT</license>", nuspec, StringComparison.Ordinal);
            Assert.Matches("<repository type=\"git\" [^>]*commit=\"[0-9a-f]{40}\"", nuspec);
            Assert.Contains("<tags>osapi linux automation ", nuspec, StringComparison.Ordinal);
            await using var symbols = await ZipFile.OpenReadAsync(Path.Combine(feed, $"{name}.0.2.0.snupkg"), TestContext.Current.CancellationToken);
            Assert.NotNull(symbols.GetEntry($"lib/net10.0/{name}.pdb"));
        }
    }

    // Of what was built with this test.
    private async Task<string> PackAsync()
    {
        var feed = Path.Combine(fixture.Directory, "feed");
        fixture.Environment["SOURCE_DATE_EPOCH"] = "1796040000";
        foreach (var name in Names)
            (await fixture.RunProgramAsync("dotnet", "pack", Path.Combine(Programs.Repository, "src", name), "-c", Programs.Configuration, "--no-build", "--no-restore", "-o", feed, "-v", "quiet")).With(0);
        return feed;
    }

    // Everything else that the packages need is taken from what is restored on this machine, so that no network is needed.
    private async Task<string> BuildAsync(string feed, string name, string package, Dictionary<string, string> sources)
    {
        var directory = Directory.CreateDirectory(Path.Combine(fixture.Directory, name)).FullName;
        var restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Dictionary<string, string> files = new(sources)
        {
            [$"{name}.csproj"] = $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup><ItemGroup><PackageReference Include=\"{package}\" Version=\"0.2.0\" />{(package == "Osapi.Testing" ? "<PackageReference Include=\"Osapi.Orchestrator\" Version=\"0.2.0\" />" : "")}</ItemGroup></Project>",
            ["nuget.config"] = $"<configuration><packageSources><clear/><add key=\"local\" value=\"{feed}\"/></packageSources><fallbackPackageFolders><clear/><add key=\"restored\" value=\"{restored}\"/></fallbackPackageFolders></configuration>",
        };
        foreach (var (file, text) in files)
            await File.WriteAllTextAsync(Path.Combine(directory, file), text, TestContext.Current.CancellationToken);
        (await fixture.RunProgramAsync("dotnet", "build", directory, "-c", "Release", "-v", "quiet", $"-p:RestorePackagesPath={Path.Combine(fixture.Directory, "packages")}", "-warnaserror")).With(0);
        return Path.Combine(directory, "bin", "Release", "net10.0", $"{name}.dll");
    }

    [GeneratedRegex("^<!-- file: (?<name>\\S+) -->\n```csharp\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Files();
}
