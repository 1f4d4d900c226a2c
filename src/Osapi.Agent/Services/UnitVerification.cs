using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;

namespace Osapi.Agent.Services;

/// <summary>Asks <c>systemd-analyze verify</c> about a unit file.</summary>
internal static class UnitVerification
{
    private const int MaxLines = 20, MaxLength = 300;

    // One verification at a time has the directory.
    private const string Verifying = "service.verify";

    /// <summary>Gets the lines about the file itself, at most 20; none when the program is missing.</summary>
    /// <param name="host">The host.</param>
    /// <param name="unit">The unit that is verified.</param>
    /// <param name="path">The file whose lines are of interest.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    public static async Task<IReadOnlyList<string>> LinesAsync(Host host, string unit, string path, CancellationToken cancellationToken)
    {
        // An instance stands for its template.
        var verified = unit.Replace("@.", "@verify.", StringComparison.Ordinal);
        var output = await host.ToolAsync("systemd-analyze", ["--system", "--no-pager", "--man=no", "verify", "--", verified], cancellationToken);
        return LinesAbout(output, path, verified);
    }

    /// <summary>Asks whether systemd would refuse the unit with new content, which is only put into a directory of the agent.</summary>
    /// <param name="host">The host.</param>
    /// <param name="unit">The unit that is verified.</param>
    /// <param name="content">The new content of its file, or of one of its drop-ins.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <returns>The reason; null when systemd accepts it, or cannot be asked.</returns>
    public static async Task<string?> RefusalAsync(Host host, string unit, UnitContent content, CancellationToken cancellationToken)
    {
        if (host.StateDirectory is not { } state || content.After is not { } bytes)
            return null;
        var directory = Path.Join(state, "verify");
        var file = Path.Join(directory, Path.GetRelativePath(UnitFile.Directory, content.Path));
        using var held = await host.Locks.AcquireAsync(Verifying, host, cancellationToken);
        try
        {
            // What a killed agent has left would be a unit of this host for systemd-analyze.
            Clear(directory);
            PrivateDirectory.Open(directory).Dispose();
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes, cancellationToken);
            // The directories of the system come after it.
            var output = await host.ToolAsync("env", [$"SYSTEMD_UNIT_PATH={directory}:", "systemd-analyze", "--system", "--no-pager", "--man=no", "verify", "--", unit], cancellationToken);
            if (!output.Error.Split('\n').Contains($"Unit {unit} has a bad unit file setting."))
                return null;
            return LinesAbout(output, file, unit) is { Count: > 0 } lines ? string.Join("; ", lines).Replace(file, content.Path, StringComparison.Ordinal) : "bad unit file setting";
        }
        finally
        {
            Clear(directory);
        }
    }

    private static void Clear(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private static IReadOnlyList<string> LinesAbout(ToolOutput output, string path, string unit) =>
    [
        .. output.Error.Split('\n')
            .Where(line => line.StartsWith(path + ":", StringComparison.Ordinal) || line.StartsWith(unit + ":", StringComparison.Ordinal))
            .Take(MaxLines)
            .Select(line => ControlCharacters.Escape(line.Length > MaxLength ? line[..MaxLength] : line)),
    ];
}
