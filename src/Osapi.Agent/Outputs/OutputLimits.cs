namespace Osapi.Agent.Outputs;

/// <summary>The limits for the output of commands on one host.</summary>
public sealed record OutputLimits
{
    /// <summary>The maximum number of bytes kept of each output stream; default: 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>The maximum number of bytes of all jobs together that wait on this host's disk to be stored; default: 1 GiB.</summary>
    public long MaxSpoolBytes { get; init; } = 1024L * 1024 * 1024;
}
