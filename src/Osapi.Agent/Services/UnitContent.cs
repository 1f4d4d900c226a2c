using System.Security.Cryptography;
using System.Text;
using Osapi.Agent.Files;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;
using Osapi.Operations.Checks;

namespace Osapi.Agent.Services;

/// <summary>The content of a unit file or drop-in of this agent, before and after a change.</summary>
/// <param name="Path">The path.</param>
/// <param name="Before">The bytes of the file; null when there is none.</param>
/// <param name="After">The bytes after the change; null when the file is removed.</param>
internal sealed record UnitContent(string Path, byte[]? Before, byte[]? After)
{
    /// <summary>True when the file would change.</summary>
    public bool Differs => Before is null != After is null || (Before is not null && !Before.AsSpan().SequenceEqual(After));

    /// <summary>Reads the file that has, or gets, this content.</summary>
    /// <param name="host">The host.</param>
    /// <param name="unit">The full name of the unit.</param>
    /// <param name="dropIn">The name of the drop-in; null for the unit file.</param>
    /// <param name="content">The new content without the mark; null to remove the file.</param>
    /// <param name="force">True to accept a file of another program.</param>
    /// <exception cref="OperationException">The file is not the agent's, or no file.</exception>
    public static UnitContent Read(Host host, string unit, string? dropIn, string? content, bool force)
    {
        var path = UnitFile.PathOf(unit, dropIn);
        UnitFile.RequireFile(host, unit, path);
        var text = host.ReadExactly(path);
        if (text is not null && !UnitFile.IsMarked(text) && !force)
            throw new OperationException(ErrorType.Conflict, $"{path} was not written by service.unit.update, and stays as it is without force");
        return new(path, text is null ? null : Encoding.Latin1.GetBytes(text), content is null ? null : Encoding.UTF8.GetBytes($"{UnitFile.Mark}\n{content}{(content.EndsWith('\n') ? "" : "\n")}"));
    }

    /// <summary>Describes the change for a check.</summary>
    public FileDifference Difference(Host host) => !Differs ? default
        : FileDifference.Of(host, Path, Version(Before), Version(After), Before is null || File.GetUnixFileMode(host.FullPath(Path)).HasFlag(UnixFileMode.OtherRead));

    /// <summary>Puts content in the place of the file, or removes it when there is none.</summary>
    public async Task WriteAsync(Host host, byte[]? content, CancellationToken cancellationToken)
    {
        using (var directory = HostDirectory.OpenParent(host, Path, create: content is not null, toWrite: content is not null))
        {
            if (content is null)
            {
                if (directory?.Stat(System.IO.Path.GetFileName(Path)) is { } stat)
                    directory.Remove(System.IO.Path.GetFileName(Path), stat);
                return;
            }
        }

        await host.ReplaceAsync(Path, Encoding.Latin1.GetString(content), cancellationToken);
    }

    private static FileVersion? Version(byte[]? bytes) => bytes is null ? null : new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
}
