namespace Osapi.Agent.Hosts.Users;

/// <summary>Looks up entries in all sources of a host, such as a directory service (getent(1)).</summary>
internal static class NameService
{
    /// <summary>Gets the parts of the entry of a name; none when no source has it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="database">The database: passwd or group.</param>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    public static async Task<string[]> NameServiceAsync(this Host host, string database, string name, CancellationToken cancellationToken)
    {
        var output = await host.ToolAsync("getent", [database, "--", name], cancellationToken);
        return output.ExitCode == 0 && output.Output.Split('\n')[0].Split(':') is [var found, ..] parts && found == name ? parts : [];
    }
}
