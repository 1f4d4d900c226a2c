using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>A descriptor that stays open until this is disposed, whoever closes it meanwhile.</summary>
internal readonly ref struct HeldDescriptor : IDisposable
{
    private readonly SafeHandle? handle;

    /// <param name="handle">The descriptor's handle; null for none.</param>
    /// <exception cref="ObjectDisposedException">It is closed already.</exception>
    public HeldDescriptor(SafeHandle? handle)
    {
        var held = false;
        handle?.DangerousAddRef(ref held);
        this.handle = handle;
    }

    /// <summary>Its number; -1 for none.</summary>
    public int Number => handle is null ? -1 : (int)handle.DangerousGetHandle();

    public void Dispose() => handle?.DangerousRelease();
}
