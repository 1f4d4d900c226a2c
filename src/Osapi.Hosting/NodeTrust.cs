using Osapi.Transport.Trust;

namespace Osapi.Hosting;

/// <summary>The trust between a node and the others of its system on a broker. The embedded transport needs none of it: both keys are in its process.</summary>
public sealed record NodeTrust
{
    /// <inheritdoc cref="TrustPolicy.AllowsUnsigned"/>
    /// <remarks>Default: true.</remarks>
    public bool AllowsUnsigned { get; init; } = true;

    /// <summary>True when a controller sends secrets also to hosts without a key, whose commands are not sealed; default: false.</summary>
    public bool AllowsUnsealedSecrets { get; init; }

    /// <summary>The file of the controllers' keys, of which every controller has a copy; default: <c>controller.key</c> in the state directory.</summary>
    public string? ControllerKeyFile { get; init; }
}
