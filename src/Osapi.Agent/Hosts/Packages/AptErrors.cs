using Osapi.Operations;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>Explains the errors of apt-get and dpkg.</summary>
internal static class AptErrors
{
    private const int MaxLength = 2000;

    // The first that the output contains decides.
    private static readonly IReadOnlyList<(string Text, ErrorType Type, string? Hint)> Known =
    [
        ("Unable to locate package", ErrorType.NotFound, null),
        ("has no installation candidate", ErrorType.NotFound, null),
        ("was not found", ErrorType.NotFound, null),
        ("Held packages were changed", ErrorType.Conflict, "a package on hold would change: allow_held allows it"),
        ("Packages were downgraded", ErrorType.Conflict, "an installed package is newer: allow_downgrade allows an older version"),
        ("Essential packages were removed", ErrorType.Conflict, "an essential package would be removed"),
        ("Removing essential", ErrorType.Conflict, "an essential package would be removed"),
        ("dpkg was interrupted", ErrorType.Conflict, "dpkg was interrupted on this host: repair finishes its work first"),
        ("held broken packages", ErrorType.Conflict, null),
        ("Unmet dependencies", ErrorType.Conflict, null),
        ("is a virtual package provided by", ErrorType.Conflict, null),
        ("Could not get lock", ErrorType.Unavailable, null),
        ("Unable to acquire the dpkg frontend lock", ErrorType.Unavailable, null),
        ("Unable to lock", ErrorType.Unavailable, null),
        ("enough free space", ErrorType.Unavailable, null),
        ("No space left on device", ErrorType.Unavailable, "a file system is full"),
        ("is not signed", ErrorType.Conflict, null),
        ("signatures couldn't be verified", ErrorType.Conflict, null),
        ("Failed to fetch", ErrorType.Unavailable, null),
        ("Unable to fetch", ErrorType.Unavailable, null),
        ("Failed to start transient scope", ErrorType.Unavailable, null),
    ];

    /// <summary>Creates the exception for an output.</summary>
    public static OperationException Of(string output, int exitCode)
    {
        var (type, message) = Explain(output, exitCode);
        return new(type, message);
    }

    /// <summary>Finds the cause in an output.</summary>
    public static (ErrorType Type, string Message) Explain(string output, int exitCode)
    {
        var known = Known.FirstOrDefault(each => output.Contains(each.Text, StringComparison.Ordinal), (Text: "", ErrorType.Failed, null));
        var lines = Reasons(output.Split('\n').Select(line => line.TrimEnd()).ToList()).Distinct().ToList();
        var reason = string.Join("; ", lines);
        var text = (known.Hint, reason) switch
        {
            (null, "") => $"exit code {exitCode}",
            (null, _) => reason,
            (_, "") => known.Hint,
            _ => $"{known.Hint} ({reason})",
        };
        return (known.Type, text.Length <= MaxLength ? text : text[..MaxLength] + "...");
    }

    // The lines that name a cause: apt's errors, dpkg's with the line below, and the list of dependencies.
    private static IEnumerable<string> Reasons(List<string> lines)
    {
        for (var number = 0; number < lines.Count; number++)
        {
            var line = lines[number];
            if (line.StartsWith("E: ", StringComparison.Ordinal))
                yield return line[3..];
            else if (line.StartsWith("dpkg: error processing", StringComparison.Ordinal) && number + 1 < lines.Count)
                yield return $"{line["dpkg: error ".Length..].TrimEnd(':')}: {lines[number + 1].Trim()}";
            else if (line.StartsWith("dpkg: error", StringComparison.Ordinal) || line.StartsWith("Failed to start", StringComparison.Ordinal))
                yield return line;
            else if (line is "The following packages have unmet dependencies:" || line.Contains("is a virtual package provided by", StringComparison.Ordinal))
            {
                yield return string.Join(", ", lines.Skip(number).TakeWhile((each, index) => index == 0 || each.StartsWith(' ')).Select(each => each.Trim())).Replace(":, ", ": ", StringComparison.Ordinal);
            }
        }
    }
}
