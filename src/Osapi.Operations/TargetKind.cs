namespace Osapi.Operations;

/// <summary>The kind of a target.</summary>
public enum TargetKind
{
    /// <summary>The target <c>_any</c>: exactly one host, the first that is free.</summary>
    Any,

    /// <summary>The target <c>_all</c>: every registered host.</summary>
    All,

    /// <summary>A host by its name.</summary>
    Host,

    /// <summary>A label <c>key:value</c>: every host with the label.</summary>
    Label,

    /// <summary>A list of hosts; see <see cref="Target.OfHosts"/>.</summary>
    Hosts,
}
