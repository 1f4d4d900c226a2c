using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>What one of the machine's own tools answered.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ToolOutput(int ExitCode, string Output, string Error)
{
    /// <summary>The exit code for a tool that the machine does not have, as a shell gives it.</summary>
    public const int NotThere = 127;

    /// <summary>What it had to say, in one line.</summary>
    public string Complaint => string.Join(' ', (Error.Length > 0 ? Error : Output).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text
        ? text
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"exit code {ExitCode}");
}

/// <summary>
/// Runs tools that are part of the machine, such as resolvectl: short, trusted, with fixed arguments, in the C locale. Not for
/// what a caller wants to have run.
/// </summary>
internal static class HostTool
{
    // What such a tool says is read by this program; more than this is no answer.
    private const int OutputLimit = 4 * 1024 * 1024;

    private static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string> { ["LC_ALL"] = "C", ["SYSTEMD_COLORS"] = "0", ["SYSTEMD_PAGER"] = "" };

    public static async Task<ToolOutput> RunAsync(string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // In no group of its own: one for a mark that nobody knows later would stay behind when the agent is killed.
        Host host = new() { Name = name, AgentCgroup = null, OutputLimit = OutputLimit };
        try
        {
            var end = await host.RunAsync(new ProcessRequest(name, arguments) { Environment = Environment }, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return new(end.Exit.Code, end.Output.Text, end.Exit.Signal is { } signal ? $"ended by {signal}" : end.Error.Text);
        }
        catch (OperationException exception) when (exception.Type is ErrorType.NotFound or ErrorType.Conflict)
        {
            return new(ToolOutput.NotThere, "", $"there is no {name} on this host");
        }
    }

    /// <summary>Runs a tool that must succeed.</summary>
    /// <exception cref="OperationException">It did not; the message holds what it said.</exception>
    public static async Task<string> ToolMustAsync(this Host host, string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = await host.ToolAsync(name, arguments, cancellationToken);
        return output.ExitCode == 0
            ? output.Output
            : throw new OperationException(ErrorType.Failed, $"{name} {string.Join(' ', arguments)}: {output.Complaint}");
    }
}
