using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Osapi.Cli.Connection;
using Osapi.Embedded;
using Osapi.Operations;

namespace Osapi.Cli.Commands;

/// <summary>Reads what <c>osapi start</c> was given, and tells everything that is wrong with it at once.</summary>
internal sealed class StartOptions
{
    private readonly List<string> problems = [];

    public static (EmbeddedSystemOptions Options, LogLevel Level) Read(string[] listen, string? hostname, string[] labels, string maxJobs, string level, string stateDirectory)
    {
        StartOptions reader = new();
        EmbeddedSystemOptions options = new()
        {
            StateDirectory = reader.Directory(stateDirectory),
            Urls = [.. listen.Select(reader.Url).OfType<Uri>()],
            Hostname = reader.Name(hostname),
            Labels = reader.Labels(labels),
            MaxJobs = reader.Jobs(maxJobs),
        };
        var logged = reader.Level(level);
        return reader.problems.Count == 0 ? (options, logged) : throw CommandException.BadInput(reader.problems);
    }

    private string Directory(string path)
    {
        if (Encoding.UTF8.GetByteCount(Path.Combine(path, LocalClient.SocketName)) > StateDirectory.LongestSocket)
            problems.Add($"the state directory {path} is too long a path: that of its socket may have {StateDirectory.LongestSocket} bytes");
        return path;
    }

    // A name would have to be resolved, or mean every address of the machine, as it does to the server.
    private Uri? Url(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && (IPAddress.TryParse(url.DnsSafeHost, out _) || url is { Host: "localhost", Port: > 0 }))
            return url;
        problems.Add($"--listen '{text}' is not an address to listen on: expected http://IP:PORT (0.0.0.0 for every address) or http://localhost:PORT");
        return null;
    }

    private string? Name(string? text)
    {
        if (text is not null && Target.Read(text).Target?.Kind != TargetKind.Host)
            problems.Add($"--hostname '{text}' is not a host name");
        return text;
    }

    private Dictionary<string, string> Labels(string[] texts)
    {
        Dictionary<string, string> labels = [];
        foreach (var text in texts)
            if (text.Split('=', 2) is not [var key, var value] || !Target.IsLabel(key, value))
                problems.Add($"--label '{text}' is not a label: expected key=value, each of letters, digits, '_' and '-', the value in segments separated by '.'");
            else if (!labels.TryAdd(key, value))
                problems.Add($"--label {key} is given more than once");
        return labels;
    }

    private int Jobs(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) || jobs is < 1 or > 1000)
            problems.Add("--max-jobs must be a number between 1 and 1000");
        return jobs;
    }

    private LogLevel Level(string text)
    {
        if (!Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) || !Enum.IsDefined(level) || char.IsAsciiDigit(text[0]))
            problems.Add($"--log-level '{text}' is unknown{NearName.Hint(text, LevelNames)} (known: {string.Join(", ", LevelNames)})");
        return level;
    }

    public static IReadOnlyList<string> LevelNames { get; } = [.. Enum.GetNames<LogLevel>().Select(name => name.ToLowerInvariant())];
}
