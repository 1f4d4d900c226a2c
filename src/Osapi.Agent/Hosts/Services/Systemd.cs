using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Services;

/// <summary>Calls systemd, the service manager of the machine.</summary>
/// <remarks>
/// Units are read with <c>systemctl show</c> and over the bus, whose forms are stable, and changed with systemctl(1), which waits for
/// the end of a start or stop, and over the bus where its answer lists the links that were changed.
/// </remarks>
internal static class Systemd
{
    private const string Bus = "org.freedesktop.systemd1";

    private static readonly string[] Unreachable = ["Failed to connect to bus", "has not been booted with systemd", "Failed to get D-Bus connection", "Connection refused", "Transport endpoint is not connected"];

    /// <summary>Requires that systemd is the first process of the machine, as sd_booted(3) decides.</summary>
    /// <exception cref="OperationException">It is not.</exception>
    public static void RequireSystemd(this Host host)
    {
        if (!Directory.Exists(host.FullPath("/run/systemd/system")))
            throw new OperationException(ErrorType.Unavailable, "this host was not booted with systemd, which the service operations need");
    }

    /// <summary>Runs systemctl with a verb on a unit.</summary>
    /// <exception cref="OperationException">systemd does not answer.</exception>
    public static async Task<ToolOutput> SystemctlAsync(this Host host, string verb, string unit, CancellationToken cancellationToken) =>
        Reached(await host.ToolAsync("systemctl", ["--system", "--no-ask-password", "--quiet", verb, "--", unit], cancellationToken));

    /// <summary>Gets properties of a unit as lines of <c>Name=value</c>.</summary>
    /// <exception cref="OperationException">systemd does not answer, or refuses.</exception>
    public static async Task<string> ShowUnitAsync(this Host host, string unit, string properties, CancellationToken cancellationToken)
    {
        var output = Reached(await host.ToolAsync("systemctl", ["--system", "--no-pager", "show", "--property=" + properties, "--", unit], cancellationToken));
        return output.ExitCode == 0 ? output.Output : throw new OperationException(ErrorType.Failed, $"systemctl show {unit}: {output.ErrorText}");
    }

    /// <summary>Makes systemd read all unit files again.</summary>
    /// <exception cref="OperationException">It failed.</exception>
    public static async Task ReloadSystemdAsync(this Host host, CancellationToken cancellationToken)
    {
        var output = Reached(await host.ToolAsync("systemctl", ["--system", "--no-ask-password", "daemon-reload"], cancellationToken));
        if (output.ExitCode != 0)
            throw new OperationException(ErrorType.Failed, $"systemctl daemon-reload: {output.ErrorText}");
    }

    /// <summary>Calls a method of the manager (org.freedesktop.systemd1(5)), and gets the values of its answer.</summary>
    /// <param name="host">The host.</param>
    /// <param name="method">The method.</param>
    /// <param name="arguments">The signature and the arguments, as busctl(1) takes them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OperationException">It failed; a conflict when a file or link is in the way.</exception>
    public static async Task<JsonElement[]> CallSystemdAsync(this Host host, string method, string[] arguments, CancellationToken cancellationToken)
    {
        var output = Reached(await host.ToolAsync(
            "busctl", ["--system", "--json=short", "--timeout=60", "call", "--", Bus, "/org/freedesktop/systemd1", Bus + ".Manager", method, .. arguments], cancellationToken));
        if (output.ExitCode != 0)
            throw new OperationException(output.Error.Contains("already exists", StringComparison.Ordinal) ? ErrorType.Conflict : ErrorType.Failed, $"systemd: {Cause(output)}");
        try
        {
            return [.. JsonElement.Parse(output.Output).GetProperty("data").EnumerateArray()];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new OperationException(ErrorType.Failed, $"the answer of systemd to {method} cannot be parsed: it may be longer than 4 MiB");
        }
    }

    private static ToolOutput Reached(ToolOutput output) =>
        output.ExitCode != 0 && Unreachable.Any(text => output.Error.Contains(text, StringComparison.Ordinal))
            ? throw new OperationException(ErrorType.Unavailable, $"systemd does not answer: {output.ErrorText}")
            : output.ExitCode == ToolOutput.NotFoundExitCode ? throw new OperationException(ErrorType.Unavailable, output.ErrorText) : output;

    private static string Cause(ToolOutput output)
    {
        const string Prefix = "Call failed: ";
        return output.ErrorText.StartsWith(Prefix, StringComparison.Ordinal) ? output.ErrorText[Prefix.Length..] : output.ErrorText;
    }
}
