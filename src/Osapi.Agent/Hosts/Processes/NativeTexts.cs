using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>A list of strings for system calls: pointers to UTF-8, and a terminating null.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private readonly int count;

    public NativeTexts(IReadOnlyList<string> texts)
    {
        count = texts.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < count; i++)
            Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        for (var i = 0; i < count; i++)
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        NativeMemory.Free(Pointer);
    }
}
