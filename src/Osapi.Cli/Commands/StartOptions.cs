using Osapi.Embedded;
using Osapi.Operations;

namespace Osapi.Cli.Commands;

/// <summary>Reads what <c>osapi start</c> was given, and tells everything that is wrong with it at once.</summary>
internal static class StartOptions
{
    public static EmbeddedSystemOptions Read(string[] listen, string? hostname, string[] labels, int maxJobs, string stateDirectory)
    {
        List<string> problems = [];
        var urls = listen.Select(text => Url(text, problems)).OfType<Uri>().ToList();
        var pairs = labels.Select(text => Label(text, problems)).OfType<KeyValuePair<string, string>>().ToList();
        problems.AddRange(pairs.GroupBy(pair => pair.Key).Where(group => group.Count() > 1).Select(group => $"--label {group.Key} is given more than once"));
        if (maxJobs is < 1 or > 1000)
            problems.Add("--max-jobs must be between 1 and 1000");
        if (hostname is not null && Target.Read(hostname) is var (target, _) && target?.Kind != TargetKind.Host)
            problems.Add($"--hostname '{hostname}' is not a host name");
        return problems.Count > 0
            ? throw new CommandException(ExitCode.BadInput, string.Join('\n', problems))
            : new() { StateDirectory = stateDirectory, Urls = urls, Hostname = hostname, Labels = new Dictionary<string, string>(pairs), MaxJobs = maxJobs };
    }

    private static Uri? Url(string text, List<string> problems)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "http" && url.AbsolutePath == "/")
            return url;
        problems.Add($"--listen '{text}' is not an address: expected http://HOST:PORT");
        return null;
    }

    private static KeyValuePair<string, string>? Label(string text, List<string> problems)
    {
        if (text.Split('=', 2) is [var key, var value] && Target.IsLabel(key, value))
            return new(key, value);
        problems.Add($"--label '{text}' is not a label: expected key=value, each of letters, digits, '_' and '-', the value in segments separated by '.'");
        return null;
    }
}
