using Osapi.Agent.Hosts.Facts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Network;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The file from which systemd-networkd configures an interface (systemd.network(5)).</summary>
/// <param name="File">The path; below /run when netplan generated it.</param>
internal sealed record NetworkdUnit(string File)
{
    private const string Links = "/run/systemd/netif/links";

    /// <summary>The path of the drop-in for our settings.</summary>
    /// <remarks>
    /// It applies to the file of that name in any directory, so it remains in effect when netplan generates the file again
    /// at every boot and every <c>netplan apply</c>. Netplan's own files stay unchanged: it concatenates lists from
    /// several files, so a list could only grow there.
    /// </remarks>
    public string DropIn => $"/etc/systemd/network/{Path.GetFileName(File)}.d/90-osapi-dns.conf";

    /// <summary>
    /// Finds the file of an interface. There is none when several interfaces share it; the note then gives the reason.
    /// </summary>
    public static (NetworkdUnit? Unit, string? Note) Find(Host host, InterfaceName name)
    {
        if (FileOf(host, host.IndexOf(name)) is not { } file)
            return (null, null);
        var sharing = Directory.EnumerateFiles(host.FullPath(Links)).Count(link => FileIn(System.IO.File.ReadAllText(link)) == file);
        return sharing == 1
            ? (new(file), null)
            : (null, $"the settings last until the interface or the host restarts: {file} configures {sharing} interfaces, and a drop-in for it would change them all");
    }

    private static string? FileOf(Host host, int index) => host.ReadFirst($"{Links}/{index}") is { } text ? FileIn(text) : null;

    private static string? FileIn(string text) =>
        OsRelease.Parse(text).GetValueOrDefault("NETWORK_FILE") is { } file && file.StartsWith('/') && file.EndsWith(".network", StringComparison.Ordinal) ? file : null;
}

/// <summary>Writes drop-ins.</summary>
internal static class NetworkdDropIns
{
    public static async Task<string?> WriteDropInAsync(this Host host, NetworkdUnit unit, NetworkdDropIn dropIn, CancellationToken cancellationToken)
    {
        try
        {
            using var directory = HostDirectory.OpenParent(host, unit.DropIn, create: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperationException(ErrorType.Failed, $"{unit.DropIn} cannot be written: {exception.Message.ReplaceLineEndings(" ")}");
        }

        await host.ReplaceAsync(unit.DropIn, dropIn.ToString(), cancellationToken);
        return null;
    }
}
