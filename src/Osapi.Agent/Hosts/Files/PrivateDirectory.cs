using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>A directory of the agent that no other user may read or change.</summary>
internal static class PrivateDirectory
{
    private const int OwnerOnly = 0x1C0; // 0700

    /// <summary>Opens the directory; creates it if missing, and removes everybody else's access.</summary>
    /// <exception cref="IOException">
    /// The directory cannot be created, belongs to another user, or is behind a link that a user can change.
    /// </exception>
    public static HostDirectory Open(string path)
    {
        path = Path.GetFullPath(path);
        using PathResolver walk = new("/", path) { Create = true, Mode = OwnerOnly };
        try
        {
            walk.To(path);
        }
        catch (OperationException refused)
        {
            throw new IOException(refused.Message, refused);
        }

        var directory = walk.TakeHandle();
        try
        {
            var stat = FileStatCalls.StatOf(directory.Handle);
            if (stat.User != Accounts.EffectiveUser)
                throw new IOException($"{path} belongs to {Accounts.UserName(stat.User)}, who could read and change the agent's files in it");
            if (stat.Mode != OwnerOnly)
            {
                using var readable = DirectoryCalls.OpenAt(directory.Handle, ".", OpenFlags.ReadOnly | OpenFlags.OnlyDirectory);
                OpenFileCalls.ChangeMode(readable, OwnerOnly);
            }

            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }
}
