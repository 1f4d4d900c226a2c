using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>What every command has: where and with what it runs, for how long, and under which conditions.</summary>
public abstract record CommandRequest
{
    private protected CommandRequest()
    {
    }

    /// <summary>The directory it runs in, seen from the agent's own directory; the agent's own when not given.</summary>
    [Length(1, MaxPath), NoNul]
    public string? Cwd { get; init; }

    /// <summary>Environment variables on top of those of the agent; one of the same name replaces it.</summary>
    [VariableNames, NoNul]
    public IReadOnlyDictionary<string, string> Env { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>Text for its standard input; it reads an empty one when not given.</summary>
    public string? Stdin { get; init; }

    /// <summary>Seconds it may run, guards included; 30 when not given. Then all its processes are terminated, and killed one second later.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>The exit codes that are a success, 0 to 255; only 0 when not given.</summary>
    [Length(1, 256), ElementRange(0, 255)]
    public IReadOnlyList<int>? AllowExitCodes { get; init; }

    /// <summary>Skip it when this path exists, seen from its directory; a link exists whatever it leads to.</summary>
    [Length(1, MaxPath), NoNul]
    public string? Creates { get; init; }

    /// <summary>Skip it when this path does not exist, seen from its directory.</summary>
    [Length(1, MaxPath), NoNul]
    public string? Removes { get; init; }

    /// <summary>Skip it when this line succeeds (exits with 0) in <c>/bin/sh</c>, run in the same directory and environment.</summary>
    [Length(1, MaxText), NoNul, ShellLine]
    public string? Unless { get; init; }

    /// <summary>Skip it unless this line succeeds (exits with 0) in <c>/bin/sh</c>, run in the same directory and environment.</summary>
    [Length(1, MaxText), NoNul, ShellLine]
    public string? Onlyif { get; init; }

    // What the kernel takes as one argument (MAX_ARG_STRLEN, execve(2)) and as a path (PATH_MAX), without the NUL at the end.
    private protected const int MaxText = 131_071;
    private const int MaxPath = 4095;

    /// <summary>The time limit of a request.</summary>
    internal TimeSpan Limit => TimeSpan.FromSeconds(Timeout ?? 30);
}
