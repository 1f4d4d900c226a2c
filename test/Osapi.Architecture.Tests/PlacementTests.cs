using System.Text.RegularExpressions;

namespace Osapi.Architecture.Tests;

/// <summary>Tests of code that may stand in one place only.</summary>
public sealed partial class PlacementTests
{
    private const string Hosts = "src/Osapi.Agent/Hosts/";

    [Fact]
    public void Only_the_agents_hosts_folder_starts_processes_and_reads_the_machine()
    {
        string[] others =
        [
            // The configuration of the command line; the file belongs to OSAPI.
            "src/Osapi.Cli/Settings/ConfigurationFile.cs",
            // A secret of a plan from a command of the user's own machine, such as a password store.
            "src/Osapi.Cli/Plans/SecretCommand.cs",
            // Examples of paths in answers, which nothing reads.
            "src/Osapi.Operations/Services/ServiceExamples.cs",
            "src/Osapi.Operations/Packages/PackageExamples.cs",
            "src/Osapi.Operations/Sysctl/SysctlExamples.cs",
        ];

        Assert.Empty(Offending(Machine, file => !file.StartsWith(Hosts, StringComparison.Ordinal) && !others.Contains(file)));
        Assert.All(others, file => Assert.Contains(file, Sources.Files));
    }

    [Fact]
    public void Only_the_agents_hosts_folder_connects_to_an_engine()
    {
        Assert.Empty(Offending(EngineClient, file => !file.StartsWith(Hosts + "Docker/", StringComparison.Ordinal)));
        Assert.NotEmpty(Offending(EngineClient, _ => true));
    }

    [Fact]
    public void Only_the_command_line_writes_to_the_console() =>
        Assert.Empty(Offending(ConsoleUse, file => !file.StartsWith("src/Osapi.Cli/", StringComparison.Ordinal)));

    [Fact]
    public void No_type_is_found_by_name_or_created_at_run_time() =>
        Assert.Empty(Offending(RunTimeTypes, _ => true));

    [Fact]
    public void A_suppressed_warning_has_its_reason_on_the_line() =>
        Assert.Empty(Sources.Files.SelectMany(file => Sources.Text(file).Split('\n')
            .Where(line => line.Contains("#pragma warning disable", StringComparison.Ordinal) && !line.Contains("//", StringComparison.Ordinal))
            .Select(line => $"{file}: {line.Trim()}")));

    // Gets the matching lines without comments.
    private static IEnumerable<string> Offending(Regex pattern, Func<string, bool> applies) =>
        from file in Sources.Files
        where applies(file)
        from line in Sources.Text(file).Split('\n')
        let code = Comment.Replace(line, "")
        where pattern.IsMatch(code)
        select $"{file}: {line.Trim()}";

    [GeneratedRegex(@"^\s*//.*$|\s//\s.*$")]
    private static partial Regex Comment { get; }

    [GeneratedRegex("""System\.Diagnostics\.Process\b|\bProcess\.(Start|GetProcess|GetCurrentProcess)|\bProcessStartInfo\b|"/proc\b|"/etc\b|"/sys\b""")]
    private static partial Regex Machine { get; }

    [GeneratedRegex(@"\bDockerClientBuilder\b")]
    private static partial Regex EngineClient { get; }

    [GeneratedRegex(@"\bConsole\.(Write|Out|Error|In|Read|Open|Set)")]
    private static partial Regex ConsoleUse { get; }

    [GeneratedRegex(@"\bType\.GetType\(|\bMakeGeneric(Type|Method)\(|\bActivator\.CreateInstance|\bdynamic\s+\w|\bGetTypes\(\)")]
    private static partial Regex RunTimeTypes { get; }
}
