using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>Sets the value of a setting of the running kernel, exactly or not at all.</summary>
internal static class KernelValue
{
    /// <summary>Sets a value.</summary>
    /// <exception cref="OperationException">The kernel does not take the value, or makes another one of it. It then has the previous one.</exception>
    public static void Set(Host host, KernelSetting setting, string value, SysctlView view)
    {
        KernelSettings kernel = new(host);
        try
        {
            kernel.Write(setting.Path, value);
        }
        catch (OperationException refused)
        {
            // Of several fields, it has taken those before the one that it refuses.
            PutBack(kernel, setting);
            throw refused.Type == ErrorType.Invalid && view.Shown(setting, setting.Value) is { } present ? new OperationException(ErrorType.Invalid, $"{refused.Message}; its value is {present}") : refused;
        }

        // Such as 16 of 0x10, or a power of two. Every further run would find, and make, a difference.
        if (kernel.Find(setting.Path)?.Value is not { } made || SysctlValue.AreSame(made, value))
            return;
        PutBack(kernel, setting);
        throw new OperationException(ErrorType.Invalid, $"the kernel makes {view.Shown(setting, made) ?? "another value"} of the value for {SysctlKey.NameOf(setting.Path)}, so the previous one is back: request what the kernel makes of it");
    }

    private static void PutBack(KernelSettings kernel, KernelSetting setting)
    {
        if (setting.Value is null || kernel.Find(setting.Path)?.Value == setting.Value)
            return;
        try
        {
            kernel.Write(setting.Path, setting.Value);
        }
        catch (OperationException refused)
        {
            throw new OperationException(ErrorType.Failed, $"the kernel took a part of the value, and does not take the previous one again: {refused.Message}");
        }
    }
}
