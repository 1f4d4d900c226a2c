using System.Reflection;

namespace Osapi.Agent.Tests.Hosts;

public sealed class OnlyHostsTests
{
    private static readonly string[] Theirs = ["\"/proc", "\"/etc", "\"/sys", "System.Diagnostics.Process", "Process.Start", "ProcessStartInfo"];

    [Fact]
    public void Nothing_outside_the_hosts_folder_reads_the_machines_files_or_starts_a_process()
    {
        var agent = Path.GetFullPath(Path.Join(ProjectDirectory(), "../../src/Osapi.Agent"));
        var sources = Directory.EnumerateFiles(agent, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(agent, file)).ToList();

        Assert.Contains("Hosts/HostFiles.cs", sources);
        Assert.Empty(
            from source in sources
            where !source.StartsWith("Hosts/", StringComparison.Ordinal)
            let text = File.ReadAllText(Path.Join(agent, source))
            from word in Theirs
            where text.Contains(word, StringComparison.Ordinal)
            select $"{source}: {word}");
    }

    private static string ProjectDirectory() =>
        typeof(OnlyHostsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ProjectDirectory").Value!;
}
