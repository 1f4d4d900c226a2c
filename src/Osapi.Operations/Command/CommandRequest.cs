using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>The members that all commands share: directory, environment, input, time limit and guards.</summary>
public abstract record CommandRequest
{
    private protected CommandRequest()
    {
    }

    /// <summary>The working directory, relative to the agent's own; default: the agent's own.</summary>
    [Length(1, MaxPath), NoNul]
    public string? Cwd { get; init; }

    /// <summary>Environment variables, added to those of the agent; one with the same name replaces the agent's. Their values are secret.</summary>
    [VariableNames, NoNul, Secret]
    public IReadOnlyDictionary<string, string> Env { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>Text for the standard input, which is secret; default: empty input.</summary>
    [Secret]
    public string? Stdin { get; init; }

    /// <summary>
    /// Time limit in seconds, guards included, 1 to 3600; default: 30. After it, all processes of the command are terminated, and
    /// killed one second later.
    /// </summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>The exit codes that count as success, 0 to 255; default: only 0.</summary>
    [Length(1, 256), ElementRange(0, 255)]
    public IReadOnlyList<int>? AllowExitCodes { get; init; }

    /// <summary>Guard: skip the command when this path exists, relative to the working directory. A symbolic link counts even when its target is missing.</summary>
    [Length(1, MaxPath), NoNul]
    public string? Creates { get; init; }

    /// <summary>Guard: skip the command when this path does not exist, relative to the working directory.</summary>
    [Length(1, MaxPath), NoNul]
    public string? Removes { get; init; }

    /// <summary>Guard: skip the command when this <c>/bin/sh</c> command line succeeds (exit code 0), run in the same directory and environment.</summary>
    [Length(1, MaxText), NoNul, ShellLine]
    public string? Unless { get; init; }

    /// <summary>Guard: skip the command unless this <c>/bin/sh</c> command line succeeds (exit code 0), run in the same directory and environment.</summary>
    [Length(1, MaxText), NoNul, ShellLine]
    public string? Onlyif { get; init; }

    // The kernel's limits for one argument (MAX_ARG_STRLEN, execve(2)) and a path (PATH_MAX), without the terminating NUL.
    private protected const int MaxText = 131_071;
    private const int MaxPath = 4095;

    /// <summary>The time limit of the request; 30 seconds by default.</summary>
    internal TimeSpan TimeLimit => TimeSpan.FromSeconds(Timeout ?? 30);
}
