namespace Osapi.Transport.Trust;

/// <summary>The decision about what is not signed.</summary>
public sealed record TrustPolicy
{
    /// <summary>True while a fleet is upgraded: what hosts without a key and earlier versions write is believed as before. A host with a key is never believed unsigned.</summary>
    public bool AllowsUnsigned { get; init; }

    /// <summary>The time, by the store's clock, up to which unsigned messages of the logs are history that is believed; null for none.</summary>
    public DateTimeOffset? Beginning { get; init; }

    internal bool IsHistory(DateTimeOffset? time) => time <= Beginning;
}
