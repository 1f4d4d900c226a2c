using System.CommandLine;
using Osapi.Cli.Yaml;
using Osapi.Operations;
using Osapi.Plans;

namespace Osapi.Cli.Plans;

/// <summary>The options that give a plan file its variables.</summary>
internal sealed class PlanInputOptions
{
    private readonly Option<string[]> set = new("--set") { Description = "Set a variable of the plan; can be repeated", HelpName = "name=value" };
    private readonly Option<string[]> files = new("--vars-file") { Description = "Read variables from a YAML file; can be repeated, and the last one counts", HelpName = "file" };

    /// <summary>Returns the paths of the files of variables.</summary>
    public IReadOnlyList<string> Files(ParseResult result) => result.GetValue(files) ?? [];

    public void AddTo(Command command)
    {
        command.Add(set);
        command.Add(files);
    }

    /// <summary>Returns what a plan file needs to be read.</summary>
    public PlanInputs Read(ParseResult result, string planPath, List<string> problems, SourceFiles sources, Func<string, string?>? environment = null)
    {
        List<(string, string)> values = [];
        foreach (var pair in result.GetValue(set) ?? [])
            if (pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var end)
                values.Add((pair[..end], pair[(end + 1)..]));
            else
                problems.Add($"--set '{ControlCharacters.Escape(pair)}' must be NAME=VALUE");
        return new()
        {
            Set = values,
            VariableFiles = [.. Files(result).Select(file => IncludedFiles.Load(file, sources))],
            Environment = environment ?? Environment.GetEnvironmentVariable,
            Include = (path, including) => IncludedFiles.Find(path, including ?? planPath, sources),
        };
    }
}
