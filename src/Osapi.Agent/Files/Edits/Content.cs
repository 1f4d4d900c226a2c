using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Files.Edits;

/// <summary>An open text file with its content.</summary>
/// <param name="Handle">The open file.</param>
/// <param name="Stat">The metadata of the open file.</param>
/// <param name="Bytes">The content.</param>
/// <param name="IsPublic">True when every user of the host may read it.</param>
internal sealed record Content(SafeFileHandle Handle, FileStat Stat, byte[] Bytes, bool IsPublic) : IDisposable
{
    /// <summary>Reads an open file to its end.</summary>
    /// <exception cref="OperationException">It grew beyond the limit meanwhile.</exception>
    public static Content Read(string path, HostDirectory directory, SafeFileHandle file)
    {
        var stat = FileStatCalls.StatOf(file);
        MemoryStream bytes = new();
        var buffer = new byte[64 * 1024];
        while (RandomAccess.Read(file, buffer, bytes.Length) is > 0 and var count)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > EditedFile.MaxBytes)
                throw new OperationException(ErrorType.Conflict, $"{path} cannot be edited: it grew beyond 16 MiB while it was read");
        }

        return new(file, stat, bytes.ToArray(), directory.IsPublic && FileAccessRights.IsReadableByAll(file, stat));
    }

    public void Dispose() => Handle.Dispose();
}
