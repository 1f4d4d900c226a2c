using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>A reference that keeps a descriptor open until disposed, even if its owner closes it meanwhile.</summary>
internal readonly ref struct HeldDescriptor : IDisposable
{
    private readonly SafeHandle? handle;

    /// <param name="handle">The handle; null for none.</param>
    /// <exception cref="ObjectDisposedException">The handle is already closed.</exception>
    public HeldDescriptor(SafeHandle? handle)
    {
        var isReferenced = false;
        handle?.DangerousAddRef(ref isReferenced);
        this.handle = handle;
    }

    /// <summary>The descriptor; -1 for none.</summary>
    public int Number => handle is null ? -1 : (int)handle.DangerousGetHandle();

    public void Dispose() => handle?.DangerousRelease();
}
