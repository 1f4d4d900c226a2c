using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Services;

/// <summary>Asks <c>systemd-analyze verify</c> about a unit file.</summary>
internal static class UnitVerification
{
    private const int MaxLines = 20, MaxLength = 300;

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
        return
        [
            .. output.Error.Split('\n')
                .Where(line => line.StartsWith(path + ":", StringComparison.Ordinal) || line.StartsWith(verified + ":", StringComparison.Ordinal))
                .Take(MaxLines)
                .Select(line => ControlCharacters.Escape(line.Length > MaxLength ? line[..MaxLength] : line)),
        ];
    }
}
