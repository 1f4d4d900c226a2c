using Microsoft.Win32.SafeHandles;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>A file without a name in the agent's state directory, for content that must be complete before it is used. It is gone when it is closed.</summary>
internal static class PrivateSpool
{
    private const int OwnerOnly = 0x180; // 0600

    /// <exception cref="OperationException">The agent has no state directory.</exception>
    public static FileStream Open(Host host)
    {
        var state = host.StateDirectory ?? throw new OperationException(ErrorType.Unavailable, "this agent has no state directory, which it needs for this");
        using var directory = PrivateDirectory.Open(Path.Join(state, "spool"));
        return new(OpenIn(directory), FileAccess.ReadWrite, bufferSize: 0);
    }

    private static SafeFileHandle OpenIn(HostDirectory directory)
    {
        try
        {
            return DirectoryCalls.OpenAt(directory.Handle, ".", OpenFlags.ReadWrite | OpenFlags.WithoutName, OwnerOnly);
        }
        catch (HostFileException unknown) when (unknown.Error is ErrorNumber.NotSupported or ErrorNumber.IsDirectory or ErrorNumber.Invalid)
        {
            var name = Guid.NewGuid().ToString("N");
            var file = DirectoryCalls.OpenAt(directory.Handle, name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, OwnerOnly);
            DirectoryCalls.Unlink(directory.Handle, name);
            return file;
        }
    }
}
