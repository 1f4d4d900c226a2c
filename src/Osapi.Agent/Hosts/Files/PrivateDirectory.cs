using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>A directory in which the agent keeps what nobody else may read or change.</summary>
internal static class PrivateDirectory
{
    private const int OwnerOnly = 0x1C0; // 0700

    /// <summary>Opens it. It is made when it is not there, and closed to others.</summary>
    /// <exception cref="IOException">It cannot be made, belongs to another user, or lies behind a link that a user can change.</exception>
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
            var stat = Libc.StatOf(directory.Handle);
            if (stat.User != Libc.EffectiveUser())
                throw new IOException($"{path} belongs to {Accounts.UserName(stat.User)}, who could read and change what the agent keeps there");
            if (stat.Mode != OwnerOnly)
            {
                using var readable = Libc.OpenAt(directory.Handle, ".", Libc.ReadOnly | Libc.OnlyDirectory);
                Libc.ChangeMode(readable, OwnerOnly);
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
