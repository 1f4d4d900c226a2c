using System.Text.RegularExpressions;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>The marked blocks of a page, which run on hosts: commands with their output, and files.</summary>
internal sealed partial class InstallPage(string page, IReadOnlyDictionary<string, SystemdHost> hosts)
{
    // In the page a token is cut; the one that was printed takes its place.
    private const string CutToken = "eyJpZCI6...";

    private string? token;

    /// <summary>Runs the blocks in their order; returns the number of commands.</summary>
    public async Task<int> RunAsync()
    {
        var commands = 0;
        foreach (Match block in Block().Matches(await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "docs", page), TestContext.Current.CancellationToken)))
        {
            var host = hosts[block.Groups["host"].Value];
            if (block.Groups["file"] is { Success: true, Value: var file })
                await File.WriteAllTextAsync(host.Outside(file), block.Groups["text"].Value, TestContext.Current.CancellationToken);
            else
                foreach (Match command in Command().Matches(block.Groups["text"].Value))
                {
                    commands++;
                    await RunAsync(host, command.Groups["line"].Value, command.Groups["output"].Value);
                }
        }

        return commands;
    }

    private async Task RunAsync(SystemdHost host, string line, string expected)
    {
        var (code, output, error) = await host.RunAsync("sh", "-c", $"cd /root; {line.Replace(CutToken, token, StringComparison.Ordinal)}");
        Assert.True(code == 0, $"{page}: {line} ended with {code}: {output}{error}{(await host.RunAsync("journalctl", "-u", "osapi*", "-n", "30", "--no-pager")).Output}");
        TestContext.Current.TestOutputHelper?.WriteLine($"$ {line}\n{output}");
        if (Token().Match(output) is { Success: true } printed)
            token = printed.Value;
        if (expected.Length > 0)
            Assert.Matches($"\\A{Regex.Escape(expected).Replace(@"\.\.\.", @"[\s\S]*", StringComparison.Ordinal)}\\z", output);
    }

    [GeneratedRegex("^<!-- (run on (?<host>[a-z0-9-]+)|file on (?<host>[a-z0-9-]+): (?<file>\\S+)) -->\n```[a-z]*\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\$ (?<line>[^\n]+)\n(?<output>(?:(?!^\$ )[^\n]*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"eyJ[^\s""]+")]
    private static partial Regex Token();
}
