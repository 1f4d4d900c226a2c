namespace Osapi.Transport;

/// <summary>The surroundings of a controller or an agent: what carries the jobs, the state directory and the time.</summary>
/// <remarks>The options of a part say what is configured; this says what the process that runs it has opened for it. <c>Osapi.Hosting</c> makes it.</remarks>
public sealed record NodeEnvironment
{
    /// <summary>The transport that carries the jobs. The caller opens and disposes it.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>The directory that the part keeps its state in: key and read model of a controller, ledger of an agent. For a controller it must exist.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>True when nobody else can be on the transport, so that no controller and no agent outlives this process.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The version of the product that the part says it has; null for none.</summary>
    public string? Version { get; init; }

    /// <summary>The time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
