using Osapi.Operations;

namespace Osapi.Agent.Hosts.Sysctl;

/// <summary>The errors of writes to kernel settings.</summary>
internal static class KernelErrors
{
    /// <summary>Converts the kernel's reason.</summary>
    public static OperationException Of(HostFileException refused, string key) => refused.Error switch
    {
        ErrorNumber.ReadOnlyFileSystem => new(ErrorType.Unavailable, $"{key} cannot be set: /proc/sys is read-only on this host, as it is in containers"),
        ErrorNumber.AccessDenied or ErrorNumber.NotPermitted => new(ErrorType.Unavailable, $"{key} cannot be set: the kernel does not permit it to this agent, which may not be root or may run in a container"),
        ErrorNumber.Busy => new(ErrorType.Conflict, $"{key} cannot be set now: {refused.Message}"),
        // Names of algorithms that the kernel does not have are answered with "no such file".
        ErrorNumber.Invalid or ErrorNumber.OutOfRange or ErrorNumber.NoEntry or ErrorNumber.TooLong or ErrorNumber.NotSupported => new(ErrorType.Invalid, $"the kernel does not accept the value for {key}: {refused.Message}"),
        _ => new(ErrorType.Failed, $"{key} cannot be set: {refused.Message}"),
    };
}
